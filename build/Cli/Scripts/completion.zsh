#compdef build.sh
# Completes build.sh of ShipSec.Build in zsh: put  eval "$(./build.sh Completion --shell zsh)"  into ~/.zshrc.
# A function that calls it is completed by one more line behind that:  compdef _shipsec_build NAME

_shipsec_build() {
  # A path is asked itself, if it is a build.sh of this kind; another name stands for the one that wrote this script.
  local program=${(Q)words[1]} reply
  case $program in
    '~/'*) program=$HOME/${program#'~/'} ;;
    */*) ;;
    *) program='{root}/build.sh' ;;
  esac
  grep -qs _complete -- "$program" || return 1

  local -a before replies
  (( CURRENT > 2 )) && before=("${(@Q)words[2,CURRENT-1]}")
  for reply in "${(@f)$("$program" _complete zsh ":${(Q)PREFIX}" "${(@)before}" 2>/dev/null </dev/null)}"; do
    case $reply in
      '') ;;
      :folders) _files -/; return ;;
      *$'\t'*) replies+=("${${reply%%$'\t'*}//:/\\:}:${reply#*$'\t'}") ;;
      *) replies+=("${reply//:/\\:}") ;;
    esac
  done
  _describe -V word replies -M 'm:{[:lower:]}={[:upper:]}'
}

(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _shipsec_build build.sh
