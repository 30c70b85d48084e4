export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What a shell evaluates. Each asks `slipway __complete`, so that it never knows less than the program. */
export const completionScript = (shell: Shell): string => SCRIPTS[shell];

const BASH = `# slipway completion for bash:  eval "$(slipway completion bash)"
_slipway() {
  local current="\${COMP_WORDS[COMP_CWORD]}" line path
  COMPREPLY=()
  while IFS= read -r line; do
    case "$line" in
      :files) compopt -o filenames 2>/dev/null; while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen -f -- "$current") ;;
      :directories) compopt -o filenames 2>/dev/null; while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen -d -- "$current") ;;
      *) line="\${line%%$'\\t'*}"; if [[ "$line" == "$current"* ]]; then COMPREPLY+=("$line"); fi ;;
    esac
  done < <(slipway __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _slipway slipway
`;

const ZSH = `#compdef slipway
# slipway completion for zsh:  eval "$(slipway completion zsh)"   or, in a folder of $fpath:  slipway completion zsh > _slipway
_slipway() {
  local -a entries
  local line value
  for line in "\${(@f)$(slipway __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    case "$line" in
      :files) _files ;;
      :directories) _files -/ ;;
      '') ;;
      *) value="\${line%%$'\\t'*}"; entries+=("\${value//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done
  (( $#entries )) && _describe slipway entries
}
if [[ "$funcstack[1]" == _slipway ]]; then _slipway "$@"; else compdef _slipway slipway; fi
`;

const FISH = `# slipway completion for fish:  slipway completion fish > ~/.config/fish/completions/slipway.fish
function __slipway_complete
  set -l words (commandline -opc) (commandline -ct)
  for line in (slipway __complete -- $words[2..-1] 2>/dev/null)
    switch $line
      case ':files'
        __fish_complete_path (commandline -ct)
      case ':directories'
        __fish_complete_directories (commandline -ct)
      case '*'
        printf '%s\\n' $line
    end
  end
end
complete -c slipway -f -a '(__slipway_complete)'
`;

const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
