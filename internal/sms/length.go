package sms

import (
	"strings"
	"unicode/utf16"
)

// Encoding is how a text travels.
type Encoding string

// Encodings. One letter outside GSM's alphabet, such as any Arabic one, makes the whole message UCS-2.
const (
	GSM  Encoding = "gsm7"
	UCS2 Encoding = "ucs2"
)

// MaxParts is the longest message: phones join the parts, the salon pays for each.
const MaxParts = 6

// GSM 03.38: the basic alphabet, and what takes an escape before it.
const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmTwice = "^{}\\[~]|€\f"
)

// Parts is how many messages a text makes on the way and how it is encoded: 160 characters or 70 alone,
// 153 or 67 in each part of a longer one. An empty text makes none.
func Parts(text string) (n int, encoding Encoding) {
	units, whole, part, encoding := 0, 160, 153, GSM
	for _, r := range text {
		switch {
		case strings.ContainsRune(gsmBasic, r):
			units++
		case strings.ContainsRune(gsmTwice, r):
			units += 2
		default:
			encoding = UCS2
		}
	}
	if encoding == UCS2 {
		units, whole, part = len(utf16.Encode([]rune(text))), 70, 67
	}
	switch {
	case units == 0:
		return 0, encoding
	case units <= whole:
		return 1, encoding
	default:
		return (units + part - 1) / part, encoding
	}
}
