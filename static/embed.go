// Package static holds the files browsers fetch: styles, page behaviour, fonts, vendored libraries
// with their licences. Every URL carries a digest of the content, so that it may be kept for ever.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"path"
	"strings"
	"sync"
)

//go:embed css js fonts vendor icons.svg logo.svg sample.jpg
var files embed.FS

// Asset is a file as it is served.
type Asset struct {
	Body []byte
	Gzip []byte // nil when packing does not pay
	Type string
}

// table is every asset by its hashed path, and the hashed path of every name.
type table struct {
	assets map[string]Asset
	urls   map[string]string
}

// load reads the embedded files once, on first use.
var load = sync.OnceValue(func() table {
	t := table{assets: map[string]Asset{}, urls: map[string]string{}}
	add := func(name string, body []byte) {
		ext := path.Ext(name)
		sum := sha256.Sum256(body)
		hashed := "/static/" + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext
		t.urls[name] = hashed
		t.assets[hashed] = Asset{Body: body, Gzip: pack(body, ext), Type: contentType(ext)}
	}
	each("*", func(name string, body []byte) { add(name, body) })
	each("fonts/*.woff2", add)
	each("vendor/*.js", add)
	each("js/*.js", add)
	var css []byte
	each("css/*.css", func(_ string, body []byte) { css = append(css, body...) })
	for name, url := range t.urls {
		css = bytes.ReplaceAll(css, []byte(`"../`+name+`"`), []byte(`"`+url+`"`))
	}
	add("app.css", css)
	return t
})

// each calls f for the files that match, in the order of their names. The files are compiled in:
// a pattern that cannot be read is a mistake in this file.
func each(pattern string, f func(name string, body []byte)) {
	names, err := fs.Glob(files, pattern)
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		if body, err := files.ReadFile(name); err == nil { // a folder is not a file
			f(name, body)
		}
	}
}

func pack(body []byte, ext string) []byte {
	if ext == ".woff2" {
		return nil
	}
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is a constant that exists
	if _, err := w.Write(body); err != nil || w.Close() != nil || out.Len() >= len(body) {
		return nil
	}
	return out.Bytes()
}

func contentType(ext string) string {
	switch ext {
	case ".woff2":
		return "font/woff2"
	case ".js":
		return "text/javascript; charset=utf-8"
	default:
		return mime.TypeByExtension(ext)
	}
}

// URL is the address of a file, such as "app.css" (all styles in one) or "js/app.js". A name that
// does not exist gives an address that is not found; a test fails on it.
func URL(name string) string {
	if url, ok := load().urls[name]; ok {
		return url
	}
	return "/static/missing/" + name
}

// Find gives the file behind an address made by URL or Picture.
func Find(url string) (Asset, bool) {
	if a, ok := load().assets[url]; ok {
		return a, true
	}
	return picture(url)
}

// Scripts are the addresses of the page behaviour, in the order they run: what the others build on comes
// first.
func Scripts() []string {
	out := []string{URL("js/app.js")}
	each("js/*.js", func(name string, _ []byte) {
		if name != "js/app.js" {
			out = append(out, URL(name))
		}
	})
	return out
}

// Icons is the sprite of the icons in use, to be put into a page once.
func Icons() string {
	sprite, _ := files.ReadFile("icons.svg") // compiled in
	return string(sprite)
}
