package handlers

import (
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"
)

// tab is a browser tab that keeps its cookies and posts the forms it is shown.
type tab struct {
	*salon
	cookies map[string]string
	page    answer
}

func (s *salon) tab() *tab { return &tab{salon: s, cookies: map[string]string{}} }

func (b *tab) send(method, path string, body []byte, headers ...string) {
	b.t.Helper()
	var jar []string
	for name, value := range b.cookies {
		jar = append(jar, name+"="+value)
	}
	b.page = b.call(method, path, body, append(headers, "Cookie: "+strings.Join(jar, "; "), "Accept: text/html")...)
	for _, c := range b.page.Cookies() {
		if b.cookies[c.Name] = c.Value; c.Value == "" {
			delete(b.cookies, c.Name)
		}
	}
}

func (b *tab) get(path string) { b.t.Helper(); b.send("GET", path, nil) }

// hidden is a hidden field of the page's forms.
func (b *tab) hidden(name string) string {
	value, _ := b.page.doc(b.t).Find("input[name=" + name + "]").Attr("value")
	return value
}

// post sends the form of the page it is shown, filled in.
func (b *tab) post(path string, fields ...string) {
	b.t.Helper()
	form := url.Values{"csrf": {b.hidden("csrf")}}
	for _, name := range []string{"next", "offer", "version"} {
		if value := b.hidden(name); value != "" {
			form.Set(name, value)
		}
	}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	b.send("POST", path, []byte(form.Encode()), typeForm)
}

func (b *tab) password(email, password string) {
	b.t.Helper()
	b.get("/console/login")
	b.post("/console/login", "email", email, "password", password)
}

// leads checks where the answer sends the browser.
func (b *tab) leads(to string) {
	b.t.Helper()
	if got := b.page.Header.Get("Location"); b.page.StatusCode != 303 || !strings.HasPrefix(got, to) {
		b.t.Fatalf("got %d to %q, want %q: %.300s", b.page.StatusCode, got, to, b.page.body)
	}
}

func (b *tab) shows(status int, words ...string) {
	b.t.Helper()
	if b.page.StatusCode != status {
		b.t.Fatalf("got %d, want %d: %.500s", b.page.StatusCode, status, b.page.body)
	}
	for _, word := range words {
		if !strings.Contains(b.page.body, word) {
			b.t.Errorf("the page lacks %q", word)
		}
	}
}

// code is what the app on the page shows some steps from now.
func (b *tab) code(secret string, steps int) string {
	b.t.Helper()
	code, err := totp.GenerateCode(strings.ReplaceAll(secret, " ", ""), time.Now().Add(time.Duration(steps)*30*time.Second))
	b.must(err)
	return code
}

// enrol sets up the app that the page offers, with the code of the step before.
func (b *tab) enrol(path string) (secret string, codes []string) {
	b.t.Helper()
	secret = b.page.doc(b.t).Find(".access-secret").Text()
	b.post(path, "name", "Phone", "code", b.code(secret, -1))
	b.shows(200)
	for _, node := range b.page.doc(b.t).Find(".access-codes li").EachIter() {
		codes = append(codes, strings.TrimSpace(node.Text()))
	}
	if len(codes) != 10 {
		b.t.Fatalf("shown %d recovery codes", len(codes))
	}
	return secret, codes
}
