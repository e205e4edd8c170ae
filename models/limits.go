package models

import "unicode/utf16"

// WhatsApp's limits on what a message may hold (W1, W2), in the units of Units. They stand here because
// whoever words, edits, lays out and sends a message keeps the same ones.
const (
	MaxText        = 4096
	MaxBody        = 1024 // of buttons, and of lists where Meta's pages disagree between 1024 and 4096
	MaxButtons     = 3
	MaxButtonTitle = 20
	MaxRows        = 10
	MaxRowTitle    = 24
	MaxRowDetail   = 72
	MaxListLabel   = 20

	MaxTemplateFooter  = 60
	MaxTemplateButtons = 10
	MaxTemplateButton  = 25
	MaxTemplateEmoji   = 10 // in a body
)

// Units is the length of a text as the limits count it, in UTF-16 code units: Meta does not say how it
// counts, and no plausible counting (code points, graphemes) gives more.
func Units(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}
