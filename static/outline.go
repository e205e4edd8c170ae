package static

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// turns is how many pieces a round is made of.
const turns = 64

// ellipse is the line of one.
func ellipse(cx, cy, rx, ry float64) []point {
	line := make([]point, turns)
	for i := range line {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / turns)
		line[i] = point{cx + rx*cos, cy + ry*sin}
	}
	return line
}

// rounded is the line of a rectangle with round corners.
func rounded(x, y, width, height, r float64) []point {
	r = min(r, width/2, height/2)
	var line []point
	for corner, at := range []point{{x + width - r, y + height - r}, {x + r, y + height - r}, {x + r, y + r}, {x + width - r, y + r}} {
		for i := range turns/4 + 1 {
			sin, cos := math.Sincos(math.Pi / 2 * (float64(corner) + float64(i)/(turns/4)))
			line = append(line, point{at.x + r*cos, at.y + r*sin})
		}
	}
	return line
}

// stroked are the outlines of lines as wide as twice half. Each winds the same way, so that together they cover.
func stroked(lines [][]point, half float64, round bool) (outlines [][]point) {
	for _, line := range lines {
		for i, to := range line {
			if i > 0 && i < len(line)-1 || round {
				outlines = append(outlines, ellipse(to.x, to.y, half, half))
			}
			if i == 0 {
				continue
			}
			from := line[i-1]
			long := math.Hypot(to.x-from.x, to.y-from.y)
			if long == 0 {
				continue
			}
			dx, dy := half*(to.x-from.x)/long, half*(to.y-from.y)/long
			outlines = append(outlines, []point{{from.x + dy, from.y - dx}, {to.x + dy, to.y - dx}, {to.x - dy, to.y + dx}, {from.x - dy, from.y + dx}})
		}
	}
	return outlines
}

// tracer follows the commands of a path.
type tracer struct {
	words []string
	lines [][]point
	at    point
	bend  point // of the last curve: T goes on as it came
}

// trace reads the lines of a path: M, L, H, V, Q, T and Z, whose small letters count from where the pen is.
func trace(path string) ([][]point, error) {
	t := tracer{words: pathForm.FindAllString(path, -1)}
	command := ""
	for len(t.words) > 0 {
		if word := t.words[0]; word >= "A" {
			command, t.words = word, t.words[1:]
		}
		if err := t.step(command); err != nil {
			return nil, err
		}
		switch command {
		case "M":
			command = "L"
		case "m":
			command = "l"
		case "Z", "z":
			command = ""
		}
	}
	return t.lines, nil
}

// step does one command.
func (t *tracer) step(command string) error {
	origin := point{}
	if command == strings.ToLower(command) {
		origin = t.at
	}
	switch command {
	case "M", "m":
		t.at = t.next(origin)
		t.lines = append(t.lines, []point{t.at})
	case "L", "l":
		t.to(t.next(origin))
	case "H", "h":
		t.to(point{origin.x + t.number(), t.at.y})
	case "V", "v":
		t.to(point{t.at.x, origin.y + t.number()})
	case "Q", "q":
		bend := t.next(origin)
		t.curve(bend, t.next(origin))
	case "T", "t":
		t.curve(point{2*t.at.x - t.bend.x, 2*t.at.y - t.bend.y}, t.next(origin))
	case "Z", "z":
		t.to(t.lines[len(t.lines)-1][0])
	default:
		return fmt.Errorf("no command %q in a path", command)
	}
	return nil
}

func (t *tracer) curve(bend, end point) {
	from := t.at
	for i := 1; i <= turns/4; i++ {
		k := float64(i) / (turns / 4)
		t.to(point{(1-k)*(1-k)*from.x + 2*k*(1-k)*bend.x + k*k*end.x, (1-k)*(1-k)*from.y + 2*k*(1-k)*bend.y + k*k*end.y})
	}
	t.bend = bend
}

func (t *tracer) to(p point) {
	last := len(t.lines) - 1
	t.lines[last], t.at = append(t.lines[last], p), p
}

func (t *tracer) next(origin point) point {
	x := origin.x + t.number()
	return point{x, origin.y + t.number()}
}

// number is the next one; a path that ends before it is a mistake in this package, and a test sees what it draws.
func (t *tracer) number() float64 {
	if len(t.words) == 0 {
		return 0
	}
	n, err := strconv.ParseFloat(t.words[0], 64)
	t.words = t.words[1:]
	if err != nil {
		return 0
	}
	return n
}
