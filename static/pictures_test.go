package static

import (
	"bytes"
	"image"
	_ "image/png"
	"math"
	"net/http"
	"strings"
	"testing"
)

// Every shape is a picture that phones and browsers show, small, the same each time, and in the tint that was asked for.
func TestProductsArePainted(t *testing.T) {
	for _, shape := range Shapes() {
		url := Picture(shape, "c98a3d")
		asset, ok := Find(url)
		if !ok || asset.Type != "image/png" || http.DetectContentType(asset.Body) != "image/png" || len(asset.Body) > 8<<10 {
			t.Fatalf("%s: found %v, %q, %d bytes", url, ok, asset.Type, len(asset.Body))
		}
		again, _ := Find(url)
		if !bytes.Equal(asset.Body, again.Body) {
			t.Errorf("%s is another picture the second time", url)
		}
		img, _, err := image.Decode(bytes.NewReader(asset.Body))
		if err != nil {
			t.Fatalf("%s: %v", url, err)
		}
		blue, _ := Find(Picture(shape, "2040f0"))
		other, _, err := image.Decode(bytes.NewReader(blue.Body))
		if err != nil {
			t.Fatalf("%s in blue: %v", shape, err)
		}
		tinted, ground := 0, 0
		for y := range side * scale {
			for x := range side * scale {
				r, g, b, _ := img.At(x, y).RGBA()
				if r>>8 == 0xc9 && g>>8 == 0x8a && b>>8 == 0x3d {
					tinted++
					if r, g, b, _ := other.At(x, y).RGBA(); r>>8 != 0x20 || g>>8 != 0x40 || b>>8 != 0xf0 {
						t.Fatalf("%s: what is tinted at %d, %d is %x %x %x in blue", shape, x, y, r>>8, g>>8, b>>8)
					}
				}
				if r>>8 == 0xf4 && g>>8 == 0xf1 && b>>8 == 0xec {
					ground++
				}
			}
		}
		if all := side * scale * side * scale; tinted < all/20 || ground < all/3 {
			t.Errorf("%s: %d of %d pixels in its tint, %d of its ground", shape, tinted, all, ground)
		}
	}
	for _, url := range []string{"/static/shop/nothing-c98a3d.png", "/static/shop/jar-c98a3.png", "/static/shop/jar-c98a3d.gif", "/static/shop/jar-C98A3D.png"} {
		if _, ok := Find(url); ok {
			t.Errorf("%s is found", url)
		}
	}
	if drawn, ok := Find(strings.Replace(Picture("jar", "c98a3d"), ".png", ".svg", 1)); !ok || !strings.HasPrefix(drawn.Type, "image/svg") {
		t.Errorf("the drawing: %v, %q", ok, drawn.Type)
	}
}

// A square covers what it should, a line as much as it is wide.
func TestPaintCovers(t *testing.T) {
	for svg, want := range map[string]float64{
		`<rect x="20" y="40" width="100" height="50" fill="TINT"/>`:                 100 * 50,
		`<path d="M20 40h100v50h-100z" fill="TINT"/>`:                               100 * 50,
		`<path d="M20 40L120 40M20 90H120" stroke="TINT" stroke-width="10"/>`:       2 * 100 * 10,
		`<circle cx="120" cy="120" r="50" fill="TINT"/>`:                            math.Pi * 50 * 50,
		`<path d="M20 20q100 0 100 100v-100z" fill="TINT"/>`:                        100 * 100 / 6.,
		`<rect width="240" height="240" fill="TINT" opacity=".5"/>`:                 240 * 240 / 2,
		`<rect width="240" height="240" fill="none"/><path d="M0 0z" fill="#fff"/>`: 0,
	} {
		p, err := paint(svg)
		if err != nil {
			t.Fatalf("%s: %v", svg, err)
		}
		img, _, err := image.Decode(bytes.NewReader(p.png))
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for y := range side * scale {
			for x := range side * scale {
				sum += p.shades[img.(*image.Paletted).ColorIndexAt(x, y)].tint / (scale * scale)
			}
		}
		if math.Abs(sum-want) > 0.01*want+1 {
			t.Errorf("%s covers %.0f, want %.0f", svg, sum, want)
		}
	}
	for _, svg := range []string{`<text x="1"/>`, `<path d="A1 2"/>`} {
		if _, err := paint(svg); err == nil {
			t.Errorf("%s is painted", svg)
		}
	}
}
