// What ^G shows: the keys, in our own words.

export const HELP_TEXT = ` The keys of this editor. A '^' stands for the Ctrl key, 'M-' for the Alt key
 (or Esc, pressed before). The bottom two lines always show the keys that
 students need most.

^G             Show this text
^X             Close the file, or leave nano
^O             Write the file
^S             Write the file without a question
^R             Insert another file here

^W             Search forwards                ^Q    Search backwards
M-W            Search again                   ^\\    Replace
^K             Cut the line or what is marked
M-6            Copy the line or what is marked
^U             Paste what was cut or copied
M-A            Set or take back the mark
M-U            Undo                           M-E   Redo

^C             Say where the cursor is
^_  M-G        Go to a line and column
^A  Home       To the start of the line       ^E  End    To its end
^Y  PageUp     One screen up                  ^V  PageDown  One screen down
M-\\            To the first line              M-/   To the last line
^Left          One word back                  ^Right    One word on

^H  Backspace  Delete the character before    ^D  Delete   Delete the one here
M-N            Line numbers on or off
M-I            Indent a new line as the one before, on or off
^L             Draw the screen anew
`.split('\n');
