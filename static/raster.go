package static

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A phone shows no drawings: WhatsApp takes JPEG and PNG alone. So the demo's products are painted, too, by what of SVG
// their shapes are written in: rectangles, ellipses, paths of lines and quadratic curves, fills and strokes. A
// shape is painted once; another tint of it is the same picture with another palette.

const (
	side    = 240 // of a drawing, in its own units
	scale   = 2   // pixels a unit
	rows    = 4   // that a pixel is sampled in
	shadesN = 8   // steps between not covered and covered
)

// shade is the colour of a pixel before the tint is known: a base, and how much of the tint comes to it.
type shade struct {
	r, g, b, tint float64
}

func (s shade) in(tint color.RGBA) color.RGBA {
	mix := func(base float64, t uint8) uint8 {
		return uint8(math.Round(min(255, base+s.tint*float64(t))))
	}
	return color.RGBA{mix(s.r, tint.R), mix(s.g, tint.G), mix(s.b, tint.B), 255}
}

// over is the shade after paint has covered so much of it.
func (s shade) over(paint shade, cover float64) shade {
	mix := func(below, above float64) float64 { return math.Round(1e4*(below*(1-cover)+above*cover)) / 1e4 }
	return shade{mix(s.r, paint.r), mix(s.g, paint.g), mix(s.b, paint.b), mix(s.tint, paint.tint)}
}

// painting is a picture of a shape whose palette waits for a tint.
type painting struct {
	png    []byte
	at     int // where the colours of the palette begin
	shades []shade
}

// paintings are the pictures of all shapes, each painted on first use.
var paintings = sync.OnceValue(func() map[string]func() (painting, error) {
	all := map[string]func() (painting, error){}
	for name, body := range shapes() {
		all[name] = sync.OnceValues(func() (painting, error) { return paint(background + body) })
	}
	return all
})

// painted is the picture of a shape in a tint, as PNG. A shape that cannot be painted is a mistake in this package,
// which a test finds.
func painted(shape string, tint color.RGBA) ([]byte, bool) {
	begin, known := paintings()[shape]
	if !known {
		return nil, false
	}
	p, err := begin()
	if err != nil {
		return nil, false
	}
	out := bytes.Clone(p.png)
	for i, s := range p.shades {
		c := s.in(tint)
		copy(out[p.at+3*i:], []byte{c.R, c.G, c.B})
	}
	end := p.at + 3*len(p.shades)
	binary.BigEndian.PutUint32(out[end:], crc32.ChecksumIEEE(out[p.at-4:end]))
	return out, true
}

// paint makes the picture of a drawing.
func paint(svg string) (painting, error) {
	c := canvas{shades: make([]shade, side*scale*side*scale)}
	for _, e := range elementForm.FindAllStringSubmatch(svg, -1) {
		if err := c.draw(e[1], attributes(e[2])); err != nil {
			return painting{}, err
		}
	}
	return c.develop()
}

// develop turns what was painted into a file with a palette.
func (c canvas) develop() (painting, error) {
	var p painting
	index := map[shade]uint8{}
	img := image.NewPaletted(image.Rect(0, 0, side*scale, side*scale), nil)
	for i, s := range c.shades {
		n, known := index[s]
		if !known {
			if len(p.shades) == 256 {
				return painting{}, fmt.Errorf("more than %d shades", len(p.shades))
			}
			n = uint8(len(p.shades))
			index[s], p.shades = n, append(p.shades, s)
			img.Palette = append(img.Palette, color.RGBA{n, n, n, 255})
		}
		img.Pix[i] = n
	}
	var file bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&file, img); err != nil {
		return painting{}, err
	}
	p.png = file.Bytes()
	p.at = bytes.Index(p.png, []byte("PLTE")) + 4
	return p, nil
}

var (
	elementForm   = regexp.MustCompile(`<(\w+)([^<>]*?)/>`)
	attributeForm = regexp.MustCompile(`([\w-]+)="([^"]*)"`)
	pathForm      = regexp.MustCompile(`[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)`)
)

func attributes(written string) map[string]string {
	all := map[string]string{}
	for _, a := range attributeForm.FindAllStringSubmatch(written, -1) {
		all[a[1]] = a[2]
	}
	return all
}

func number(of map[string]string, name string, otherwise float64) float64 {
	n, err := strconv.ParseFloat(of[name], 64)
	if err != nil {
		return otherwise
	}
	return n
}

// point is a place of a drawing, in its units.
type point struct{ x, y float64 }

// canvas is what is painted on.
type canvas struct{ shades []shade }

// draw paints an element.
func (c canvas) draw(kind string, of map[string]string) error {
	var lines [][]point
	var err error
	switch kind {
	case "rect":
		lines = [][]point{rounded(number(of, "x", 0), number(of, "y", 0), number(of, "width", 0), number(of, "height", 0), number(of, "rx", 0))}
	case "circle":
		lines = [][]point{ellipse(number(of, "cx", 0), number(of, "cy", 0), number(of, "r", 0), number(of, "r", 0))}
	case "ellipse":
		lines = [][]point{ellipse(number(of, "cx", 0), number(of, "cy", 0), number(of, "rx", 0), number(of, "ry", 0))}
	case "path":
		lines, err = trace(of["d"])
	default:
		err = fmt.Errorf("no element %q", kind)
	}
	if err != nil {
		return err
	}
	alpha := number(of, "opacity", 1)
	if fill := of["fill"]; fill != "none" && (fill != "" || of["stroke"] == "") {
		c.cover(lines, paintOf(fill), alpha)
	}
	if of["stroke"] != "" {
		c.cover(stroked(lines, number(of, "stroke-width", 1)/2, of["stroke-linecap"] == "round"), paintOf(of["stroke"]), alpha)
	}
	return nil
}

// paintOf reads "TINT", "#fff" and "#33302d"; what is none is black.
func paintOf(written string) shade {
	if written == "TINT" {
		return shade{tint: 1}
	}
	c := colourOf(strings.TrimPrefix(written, "#"))
	return shade{r: float64(c.R), g: float64(c.G), b: float64(c.B)}
}

func colourOf(hex string) color.RGBA {
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		n = 0
	}
	return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255}
}

// cover fills lines, each closed, where they wind around a place.
func (c canvas) cover(lines [][]point, paint shade, alpha float64) {
	const width = side * scale
	covered := make([]float64, width)
	for y := range width {
		clear(covered)
		for sub := range rows {
			at := (float64(y) + (float64(sub)+0.5)/rows) / scale
			for _, span := range spans(lines, at) {
				spread(covered, max(0, span[0]*scale), min(width, span[1]*scale))
			}
		}
		for x, part := range covered {
			if part = math.Round(min(1, part)*shadesN) / shadesN; part > 0 {
				i := y*width + x
				c.shades[i] = c.shades[i].over(paint, part*alpha)
			}
		}
	}
}

// spread adds what a span of one row covers of each pixel.
func spread(covered []float64, from, to float64) {
	for x := int(from); x < len(covered) && float64(x) < to; x++ {
		covered[x] += (min(to, float64(x+1)) - max(from, float64(x))) / rows
	}
}

// spans are the parts of a row that lines wind around.
func spans(lines [][]point, y float64) (found [][2]float64) {
	type crossing struct {
		x  float64
		up int
	}
	var all []crossing
	for _, line := range lines {
		for i, from := range line {
			to := line[(i+1)%len(line)]
			if from.y <= y == (to.y <= y) {
				continue
			}
			up := 1
			if to.y > from.y {
				up = -1
			}
			all = append(all, crossing{from.x + (y-from.y)/(to.y-from.y)*(to.x-from.x), up})
		}
	}
	slices.SortFunc(all, func(a, b crossing) int {
		if a.x < b.x {
			return -1
		}
		if a.x > b.x {
			return 1
		}
		return a.up - b.up
	})
	winds := 0
	for i, at := range all {
		if winds != 0 {
			found = append(found, [2]float64{all[i-1].x, at.x})
		}
		winds += at.up
	}
	return found
}
