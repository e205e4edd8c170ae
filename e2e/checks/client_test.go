// Package checks holds the program to what the earlier shop's acceptance scripts ask of it, runs our own
// scripts against it, and holds those to their word: each turns red when a route is taken away or spoiled.
package checks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"strings"
	"testing"

	"frontdesk/e2e/harness"
)

// client is a program that keeps its cookies for one run, as the scripts' HTTP client does.
type client struct {
	t    *testing.T
	base string
	http *http.Client
}

func newClient(t *testing.T, base string) *client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &client{t, base, &http.Client{Jar: jar}}
}

// apart is a client without cookies: every request is a stranger's.
func apart(t *testing.T, base string) *client { return &client{t, base, &http.Client{}} }

// got is an answer.
type got struct {
	status int
	header http.Header
	body   string
}

// ok tells whether the status is one of success, which is all that most of the earlier scripts look at.
func (g got) ok() bool { return g.status >= 200 && g.status < 300 }

// at is what stands at a path such as "cart.items.0.id" of the answer; nil when there is nothing.
func (g got) at(path string) any {
	var is any
	if json.Unmarshal([]byte(g.body), &is) != nil {
		return nil
	}
	for name := range strings.SplitSeq(path, ".") {
		switch at := is.(type) {
		case map[string]any:
			is = at[name]
		case []any:
			var i int
			if _, err := fmt.Sscan(name, &i); err != nil || i >= len(at) {
				return nil
			}
			is = at[i]
		default:
			return nil
		}
	}
	return is
}

// text is at as text.
func (g got) text(path string) string {
	s, _ := g.at(path).(string)
	return s
}

// list is at as a list.
func (g got) list(path string) []any {
	l, _ := g.at(path).([]any)
	return l
}

// ask sends a body, if there is one, as JSON. Headers are "Name: value".
func (c *client) ask(method, path, body string, headers ...string) got {
	c.t.Helper()
	req, err := http.NewRequest(method, c.base+path, bytes.NewBufferString(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json; charset=utf-8") // as .NET's StringContent says it
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	res, err := c.http.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return got{res.StatusCode, res.Header, string(answer)}
}

// must is ask for what the script fails without: any status of success.
func (c *client) must(method, path, body string, headers ...string) got {
	c.t.Helper()
	g := c.ask(method, path, body, headers...)
	if !g.ok() {
		c.t.Fatalf("%s %s %s: got %d %s", method, path, body, g.status, g.body)
	}
	return g
}

// first is the first product of the list, which the scripts take.
func (c *client) first() got {
	c.t.Helper()
	g := c.must("GET", "/products?page=1&pageSize=1", "")
	if g.text("items.0.id") == "" {
		c.t.Fatalf("no product: %s", g.body)
	}
	return g
}

// filled opens a cart and puts the first product into it, as the scripts of checkout begin.
func (c *client) filled() {
	c.t.Helper()
	c.ask("POST", "/cart", "")
	c.must("POST", "/cart/items", fmt.Sprintf(`{"productId":%q,"qty":1}`, c.first().text("items.0.id")))
}

// start brings a program up with so much on its shelves that no test empties them for another.
func start(t *testing.T, env ...string) *harness.App {
	t.Helper()
	app := harness.Start(t, harness.Options{Env: env})
	app.Exec("UPDATE products SET stock = 100000 WHERE active")
	return app
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
