package harness

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Person is one of the salon's people who signed in as a person does, so that they may do what asks who is there, such
// as giving money back. Nothing of theirs fails a test: what is answered is theirs to judge. It is for one goroutine.
type Person struct {
	base, email, password string
	client                *http.Client
	token                 string // of forms; empty: not signed in
}

// Person is a demo login, by its name in demo.env, who has not signed in yet.
func (a *App) Person(login string) *Person {
	a.t.Helper()
	email, password, ok := strings.Cut(a.Env["LOGIN_"+login], ":")
	if !ok {
		a.t.Fatalf("there is no login %s", login)
	}
	return &Person{base: a.BaseURL, email: email, password: password}
}

var formToken = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// SignIn opens a new session.
func (p *Person) SignIn() error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return fmt.Errorf("make cookie jar: %w", err)
	}
	p.token = ""
	p.client = &http.Client{Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	form, err := p.tokenOf("/console/login")
	if err != nil {
		return err
	}
	res, err := p.client.PostForm(p.base+"/console/login", url.Values{"csrf": {form}, "email": {p.email}, "password": {p.password}, "next": {"/console"}})
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	_ = res.Body.Close() // only the status matters
	if res.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("sign in: answered %d", res.StatusCode)
	}
	p.token, err = p.tokenOf("/console/account/details")
	return err
}

// tokenOf is the token that the forms of a page send.
func (p *Person) tokenOf(path string) (string, error) {
	res, err := p.client.Get(p.base + path)
	if err != nil {
		return "", fmt.Errorf("open %s: %w", path, err)
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	page, err := io.ReadAll(res.Body)
	if err != nil {
		return "", fmt.Errorf("open %s: %w", path, err)
	}
	found := formToken.FindSubmatch(page)
	if found == nil {
		return "", fmt.Errorf("open %s: answered %d and has no form", path, res.StatusCode)
	}
	return string(found[1]), nil
}

// Post sends JSON, or a form whose type says so, and asks for JSON. Status 0: nobody answered, and nobody knows whether it
// was done. Whoever is not known any more signs in again with the next call.
func (p *Person) Post(path, contentType, body string) (status int, answer []byte) {
	return p.ask(http.MethodPost, path, contentType, body)
}

// Get reads something as JSON. Status 0: nobody answered.
func (p *Person) Get(path string) (status int, answer []byte) {
	return p.ask(http.MethodGet, path, JSON, "")
}

func (p *Person) ask(method, path, contentType, body string) (status int, answer []byte) {
	if p.token == "" && p.SignIn() != nil {
		return 0, nil
	}
	req, err := http.NewRequest(method, p.base+path, bytes.NewBufferString(body))
	if err != nil {
		return 0, nil
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("X-CSRF-Token", p.token)
	res, err := p.client.Do(req)
	if err != nil {
		return 0, nil
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	answer, err = io.ReadAll(res.Body)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, nil
	}
	if res.StatusCode == http.StatusSeeOther || res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden {
		p.token = "" // the session is gone, or too old for this
	}
	return res.StatusCode, answer
}

// JSON and Form are what a person may post.
const (
	JSON = "application/json"
	Form = "application/x-www-form-urlencoded"
)
