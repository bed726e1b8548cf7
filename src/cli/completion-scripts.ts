/** The shells that completion is for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/**
 * The script of each shell. It gives the words up to the cursor to `bulkhead completion SHELL --`, and takes from it a
 * candidate a line, and whether the shell is to add files (`:files`) or directories. The shell knows best how to quote these.
 */
export const SCRIPTS: Readonly<Record<(typeof SHELLS)[number], string>> = {
  bash: `_bulkhead() {
  local word path current=\${COMP_WORDS[COMP_CWORD]#=}
  COMPREPLY=()
  compopt +o default
  while IFS=$'\\t' read -r word _; do
    case $word in
      :files)
        compopt -o default
        [[ \${#COMPREPLY[@]} -eq 0 ]] && continue
        compopt -o filenames
        for path in "$current"*; do
          [[ -e $path ]] && COMPREPLY+=("$path")
        done ;;
      :directories) compopt -o dirnames ;;
      *) COMPREPLY+=("$word") ;;
    esac
  done < <(command bulkhead completion bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _bulkhead bulkhead
`,
  zsh: `#compdef bulkhead
_bulkhead() {
  local line tab=$'\\t'
  local -a found texts paths
  for line in "\${(@f)$(command bulkhead completion zsh -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}"; do
    case $line in
      '') ;;
      :*) paths=("\${(@ps:$tab:)line}") ;;
      *)
        found+=("\${line%%$tab*}")
        texts+=("\${line%%$tab*}  \${line#*$tab}") ;;
    esac
  done
  (( $#found )) && compadd -l -d texts -a found
  (( $#paths )) || return
  compset -p $paths[2]
  if [[ $paths[1] = :directories ]]; then _files -/; else _files; fi
}
if [[ $funcstack[1] = _bulkhead ]]; then
  _bulkhead "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
  compdef _bulkhead bulkhead
fi
`,
  // Fish asks in an order of its own: the answer is kept for one command line.
  fish: `function __bulkhead_answer
    if test "$__bulkhead_line" != (commandline -cp | string collect)
        set -g __bulkhead_line (commandline -cp | string collect)
        set -l words (commandline -opc) (commandline -ct)
        set -g __bulkhead_lines (command bulkhead completion fish -- $words[2..-1] 2>/dev/null)
    end
    string join \\n -- $__bulkhead_lines
end
complete -c bulkhead -e
complete -c bulkhead -n 'not __bulkhead_answer | string match -qr "^:"' -f
complete -c bulkhead -n '__bulkhead_answer | string match -qr "^:directories"' -f -a '(__fish_complete_directories)'
complete -c bulkhead -a '(__bulkhead_answer | string match -vr "^:")'
`,
};
