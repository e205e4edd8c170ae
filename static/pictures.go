package static

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Pictures of the demo's products are drawn: a shape in a tint. Their addresses stand in the catalogue, so that
// they hold no digest; what is drawn under one never changes.

var pictureForm = regexp.MustCompile(`^/static/shop/([a-z]+)-([0-9a-f]{6})\.(png|svg)$`)

// background is what a product stands before.
const background = `<rect width="240" height="240" fill="#f4f1ec"/><ellipse cx="120" cy="212" rx="62" ry="7" fill="#000" opacity=".08"/>`

// Picture is the address of a drawn product, one of Shapes in a tint, "c98a3d": as a file that a phone shows in a chat as
// well. With .svg in place of .png it is the drawing.
func Picture(shape, tint string) string { return "/static/shop/" + shape + "-" + tint + ".png" }

// picture draws what an address made by Picture asks for.
func picture(url string) (Asset, bool) {
	asked := pictureForm.FindStringSubmatch(url)
	if asked == nil {
		return Asset{}, false
	}
	body, known := shapes()[asked[1]]
	if !known {
		return Asset{}, false
	}
	if asked[3] == "png" {
		raster, ok := painted(asked[1], colourOf(asked[2]))
		return Asset{Body: raster, Type: contentType(".png")}, ok
	}
	svg := `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240" role="img">` + background + strings.ReplaceAll(body, "TINT", "#"+asked[2]) + `</svg>`
	return Asset{Body: []byte(svg), Type: contentType(".svg")}, true
}

// Shapes are the names of what can be drawn.
func Shapes() []string {
	return slices.Sorted(maps.Keys(shapes()))
}

func shapes() map[string]string {
	const white, dark = ` fill="#fff" opacity=".82"`, ` fill="#33302d"`
	return map[string]string{
		"bottle":  `<rect x="102" y="34" width="36" height="26" rx="4"` + dark + `/><path d="M104 60h32v12q28 8 28 34v96q0 10-10 10H86q-10 0-10-10v-96q0-26 28-34z" fill="TINT"/><rect x="88" y="118" width="64" height="60" rx="3"` + white + `/><path d="M98 136h44M98 148h30" stroke="TINT" stroke-width="4"/>`,
		"pump":    `<path d="M116 26h36v10h-24v14h-12z"` + dark + `/><rect x="104" y="50" width="32" height="22" rx="3"` + dark + `/><rect x="76" y="72" width="88" height="140" rx="14" fill="TINT"/><rect x="88" y="108" width="64" height="66" rx="3"` + white + `/><path d="M98 128h44M98 142h30" stroke="TINT" stroke-width="4"/>`,
		"jar":     `<rect x="62" y="86" width="116" height="34" rx="6"` + dark + `/><path d="M66 120h108v76q0 16-16 16H82q-16 0-16-16z" fill="TINT"/><rect x="84" y="138" width="72" height="48" rx="3"` + white + `/><path d="M96 154h48M96 168h32" stroke="TINT" stroke-width="4"/>`,
		"tube":    `<path d="M78 34h84l-12 150h-60z" fill="TINT"/><rect x="98" y="184" width="44" height="28" rx="4"` + dark + `/><path d="M96 84h48v64H98z"` + white + `/><path d="M104 104h32M104 118h22" stroke="TINT" stroke-width="4"/><path d="M76 34h88v10H76z"` + dark + ` opacity=".35"/>`,
		"dropper": `<path d="M108 30q12-12 24 0v24h-24z"` + dark + `/><rect x="102" y="54" width="36" height="22" rx="3"` + dark + `/><path d="M104 76h32v16q26 8 26 32v74q0 14-14 14H92q-14 0-14-14v-74q0-24 26-32z" fill="TINT"/><rect x="90" y="130" width="60" height="52" rx="3"` + white + `/><path d="M100 146h40M100 160h26" stroke="TINT" stroke-width="4"/>`,
		"spray":   `<path d="M100 34h40v22h-40zM92 38h8v8h-8z"` + dark + `/><rect x="88" y="56" width="64" height="18" rx="4"` + dark + `/><rect x="82" y="74" width="76" height="138" rx="12" fill="TINT"/><rect x="92" y="112" width="56" height="62" rx="3"` + white + `/><path d="M100 130h40M100 144h26" stroke="TINT" stroke-width="4"/>`,
		"polish":  `<path d="M104 30h32l6 82h-44z"` + dark + `/><path d="M88 112h64q14 0 14 14v72q0 14-14 14H88q-14 0-14-14v-72q0-14 14-14z" fill="TINT"/><path d="M88 128q10 30 2 66" stroke="#fff" stroke-width="5" fill="none" opacity=".6"/>`,
		"box":     `<path d="M58 84h124v128H58z" fill="TINT"/><path d="M50 64h140v28H50z" fill="TINT"/><path d="M50 64h140v28H50z"` + dark + ` opacity=".18"/><path d="M112 64h16v148h-16z"` + white + `/><path d="M120 62q-34-32-40-10 0 12 40 10 40 2 40-10-6-22-40 10z" fill="none" stroke="#33302d" stroke-width="5"/>`,
		"card":    `<rect x="38" y="70" width="164" height="104" rx="12" fill="TINT"/><path d="M38 102h164v18H38z"` + white + `/><path d="M56 148h60" stroke="#fff" stroke-width="6" opacity=".8"/>`,
		"brush":   `<rect x="84" y="34" width="72" height="96" rx="34" fill="TINT"/><path d="M100 56v52M112 50v64M124 50v64M136 56v52" stroke="#33302d" stroke-width="4" stroke-linecap="round"/><rect x="108" y="126" width="24" height="86" rx="12" fill="TINT"/>`,
		"comb":    `<rect x="44" y="74" width="152" height="34" rx="12" fill="TINT"/><path d="M56 106v70M72 106v70M88 106v70M104 106v70M120 106v70M136 106v70M152 106v70M168 106v70M184 106v70" stroke="TINT" stroke-width="8" stroke-linecap="round"/>`,
		"dryer":   `<path d="M50 62h96q42 0 42 36t-42 36H50q-8 0-8-8V70q0-8 8-8z" fill="TINT"/><circle cx="142" cy="98" r="18"` + white + `/><path d="M96 132h36l-8 80h-24z" fill="TINT"/><rect x="36" y="72" width="14" height="52" rx="3"` + dark + `/>`,
		"iron":    `<path d="M92 30h22v182H92z" fill="TINT"/><path d="M126 30h22v182h-22z" fill="TINT"/><path d="M96 40h14v76H96zM130 40h14v76h-14z"` + dark + `/><path d="M104 212q16 14 32 0" stroke="#33302d" stroke-width="6" fill="none"/>`,
	}
}
