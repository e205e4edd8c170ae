package static

import (
	"bytes"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestURLsFollowTheContent(t *testing.T) {
	for _, name := range []string{"app.css", "js/app.js", "vendor/htmx.min.js", "vendor/htmx-sse.min.js", "fonts/plex-latin-400.woff2", "logo.svg"} {
		url := URL(name)
		a, ok := Find(url)
		if !ok || len(a.Body) == 0 || a.Type == "" || !strings.HasPrefix(url, "/static/") {
			t.Errorf("%s: got %q, found %v, type %q", name, url, ok, a.Type)
		}
	}
	if _, ok := Find(URL("nothing.js")); ok {
		t.Error("a name that does not exist is found")
	}
	css, _ := Find(URL("app.css"))
	for _, ref := range regexp.MustCompile(`url\("([^"]+)"\)`).FindAllSubmatch(css.Body, -1) {
		if _, ok := Find(string(ref[1])); !ok {
			t.Errorf("the styles refer to %s, which is not there", ref[1])
		}
	}
	if bytes.Contains(css.Body, []byte("http")) {
		t.Error("the styles refer to another host")
	}
}

// Left and right have no place here: Arabic reads the other way.
func TestStylesAreLogical(t *testing.T) {
	css, _ := Find(URL("app.css"))
	physical := regexp.MustCompile(`(?:^|[;{\s])((?:margin|padding|border|inset)-(?:left|right|top|bottom)|left|right|top|bottom|float|width|height|(?:min|max)-(?:width|height))\s*:`)
	for _, m := range physical.FindAllSubmatch(css.Body, -1) {
		t.Errorf("physical property %s", m[1])
	}
	if m := regexp.MustCompile(`text-align:\s*(left|right)|(left|right)\s+(center|top|bottom)`).Find(css.Body); m != nil {
		t.Errorf("%s", m)
	}
	sides := regexp.MustCompile(`(?:margin|padding|inset|border-width):\s*([^\s;]+) ([^\s;]+) ([^\s;]+) ([^\s;}]+)\s*[;}]`)
	for _, m := range sides.FindAllSubmatch(css.Body, -1) {
		if string(m[2]) != string(m[4]) {
			t.Errorf("sides that differ by hand: %s", m[0])
		}
	}
}

// Every pair that is read is easy to read, in both themes.
func TestContrast(t *testing.T) {
	css, _ := files.ReadFile("css/1-tokens.css")
	blocks := regexp.MustCompile(`(?s)\{([^{}]*--bg:[^{}]*)\}`).FindAllSubmatch(css, -1)
	if len(blocks) != 3 {
		t.Fatalf("themes: got %d, want light, dark by the device, dark by choice", len(blocks))
	}
	if trim(blocks[1][1]) != trim(blocks[2][1]) {
		t.Error("dark by the device and dark by choice differ")
	}
	pairs := [][2]string{
		{"text", "bg"}, {"text", "surface"}, {"muted", "bg"}, {"muted", "surface"}, {"primary", "surface"}, {"primary", "primary-soft"},
		{"on-primary", "primary"}, {"text", "primary-soft"}, {"muted", "closed"}, {"attention", "attention-soft"}, {"danger", "danger-soft"},
		{"good", "good-soft"}, {"info", "info-soft"},
	}
	for i := 1; i <= 6; i++ {
		n := strconv.Itoa(i)
		pairs = append(pairs, [2]string{"ink-" + n, "tint-" + n}, [2]string{"text", "tint-" + n})
	}
	for i, block := range blocks {
		tokens := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z0-9-]+):\s*(#[0-9A-Fa-f]{6})`).FindAllSubmatch(block[1], -1) {
			tokens[string(m[1])] = string(m[2])
		}
		for _, p := range pairs {
			if got := contrast(t, tokens[p[0]], tokens[p[1]]); got < 5 {
				t.Errorf("theme %d: %s on %s is %.2f : 1", i, p[0], p[1], got)
			}
		}
	}
}

func trim(b []byte) string { return strings.Join(strings.Fields(string(b)), " ") }

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	var out float64
	for i, weight := range []float64{.2126, .7152, .0722} {
		v, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(v) / 255
		if c <= .03928 {
			c /= 12.92
		} else {
			c = math.Pow((c+.055)/1.055, 2.4)
		}
		out += weight * c
	}
	return out
}
