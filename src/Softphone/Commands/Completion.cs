namespace Softphone.Cli;

/// <summary>The shells' completion scripts. Each asks the program itself, so that they know what it knows.</summary>
internal static class Completion
{
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish"];

    public static string? For(string shell) => shell switch
    {
        "bash" =>
            """
            # bash completion for softphone
            _softphone() {
                local line=${COMP_LINE:0:COMP_POINT} word
                COMPREPLY=()
                while IFS= read -r word; do
                    [[ $word == "${COMP_WORDS[COMP_CWORD]}"* ]] && COMPREPLY+=("$word")
                done < <(softphone "[suggest:${#line}]" "$line" 2>/dev/null)
                [[ ${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -F _softphone softphone

            """,
        "zsh" =>
            """
            #compdef softphone
            _softphone() {
                local line="${(j: :)words[1,CURRENT]}"
                local -a found
                found=("${(@f)$(softphone "[suggest:${#line}]" "$line" 2>/dev/null)}")
                found=(${found:#})
                if (( ${#found} )); then compadd -- $found; else _files; fi
            }
            if [[ ${zsh_eval_context[-1]} == loadautofunc ]]; then _softphone "$@"; else compdef _softphone softphone; fi

            """,
        "fish" =>
            """
            # fish completion for softphone
            function __softphone_suggest
                set -l line (commandline -cp)
                softphone "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null
            end
            complete -c softphone -a '(__softphone_suggest)'

            """,
        _ => null,
    };
}
