# Completes build.sh of ShipSec.Build in bash: put  eval "$(./build.sh Completion --shell bash)"  into ~/.bashrc.
# A function or alias that calls it is completed by one more line behind that:  complete -F _shipsec_build NAME

_shipsec_build() {
  # A path is asked itself, if it is a build.sh of this kind; another name stands for the one that wrote this script.
  local program=$1
  program=${program//[\\\"\']/}
  case $program in
    '~/'*) program=$HOME/${program#'~/'} ;;
    */*) ;;
    *) program='{root}/build.sh' ;;
  esac
  COMPREPLY=()
  grep -qs _complete -- "$program" || return 0

  # Bash also parts words at ':' and '='. Those that no blank parts in the line are one word for the program.
  local words=() last=0 rest=$COMP_LINE blanks index piece
  for ((index = 0; index <= COMP_CWORD; index++)); do
    piece=${COMP_WORDS[index]}
    blanks=${rest%%[! ]*}
    rest=${rest#"$blanks"}
    rest=${rest#"$piece"}
    if ((index == 0)); then words[0]=$piece
    elif [ -z "$blanks" ]; then words[last]+=$piece
    else words[++last]=$piece; fi
  done

  local current=${words[last]} reply
  local parted=${current%"$piece"}
  words=("${words[@]:1:last-1}")
  while IFS= read -r reply; do
    if [ "$reply" = :folders ]; then
      current=${current//[\\\"\']/}
      while IFS= read -r reply; do COMPREPLY[${#COMPREPLY[@]}]=${reply#"$parted"}; done < <(compgen -d -- "$current")
      compopt -o filenames 2>/dev/null || true
      return 0
    fi
    COMPREPLY[${#COMPREPLY[@]}]=${reply#"$parted"}
  done < <("$program" _complete bash ":$current" ${words[@]+"${words[@]}"} 2>/dev/null </dev/null)
}

complete -F _shipsec_build build.sh
