# Completes build.sh of ShipSec.Build in fish: ./build.sh Completion --shell fish > ~/.config/fish/completions/build.sh.fish
# A function that calls it is completed by one more line:  complete -c NAME -f -k -a '(_shipsec_build)'

function _shipsec_build
    # A path is asked itself, if it is a build.sh of this kind; another name stands for the one that wrote this script.
    set -l words (commandline -opc)
    set -l program $words[1]
    set -e words[1]
    switch $program
        case '~/*'
            set program $HOME/(string sub -s 3 -- $program)
        case '*/*'
        case '*'
            set program '{root}/build.sh'
    end
    grep -qs _complete -- $program; or return

    set -l current (commandline -ct)
    set -l replies ($program _complete fish ":$current" $words 2>/dev/null </dev/null)
    if test "$replies[1]" = :folders
        __fish_complete_directories "$current"
    else
        string join \n -- $replies
    end
end

complete -c build.sh -f -k -a '(_shipsec_build)'
