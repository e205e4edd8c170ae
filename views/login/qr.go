package login

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// quiet is the empty border a code needs, in modules.
const quiet = 4

// qrPath is a code as the path of an SVG and the length of its side. A text too long for a code is an
// empty path: the secret stands beside it.
func qrPath(text string) (side int, path string) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return 1, ""
	}
	b := code.Bounds()
	var out strings.Builder
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&out, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	return b.Dx() + 2*quiet, out.String()
}

func viewBox(side int) string { return fmt.Sprintf("0 0 %d %d", side, side) }

// groups writes a secret in fours, as it is typed.
func groups(secret string) string {
	var parts []string
	for len(secret) > 4 {
		parts, secret = append(parts, secret[:4]), secret[4:]
	}
	return strings.Join(append(parts, secret), " ")
}

func orElse(value, otherwise string) string { return cmp.Or(value, otherwise) }
