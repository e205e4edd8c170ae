package harness

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Desk is one of the salon's people using the console through a program, with a token.
type Desk struct {
	t     testing.TB
	base  string
	Token string
}

// Desk signs a demo login in: "PM", "OPERATOR", "STYLIST_2" … as demo.env names them.
func (a *App) Desk(login string) Desk {
	a.t.Helper()
	email, password, ok := strings.Cut(a.Env["LOGIN_"+login], ":")
	if !ok {
		a.t.Fatalf("there is no login %s", login)
	}
	d := Desk{t: a.t, base: a.BaseURL}
	body := fmt.Sprintf(`{"email":%q,"password":%q}`, email, password)
	Until(a.t, "the demo login opens", func() bool {
		res, err := http.Post(a.BaseURL+"/session/token", "application/json", strings.NewReader(body))
		if err != nil {
			return false
		}
		defer res.Body.Close() //nolint:errcheck // read whole
		var got struct{ Token string }
		err = json.NewDecoder(res.Body).Decode(&got)
		d.Token = got.Token
		return err == nil && res.StatusCode == http.StatusOK
	})
	return d
}

// At is the same person at one process instead of wherever the balancer leads.
func (d Desk) At(p *Process) Desk {
	d.base = p.BaseURL
	return d
}

// Get reads a page of the console. Status 0: nobody answered.
func (d Desk) Get(path string) (status int, body string) {
	return d.ask(http.MethodGet, path, nil)
}

// Post sends a form. Status 0: nobody answered, and nobody knows whether it was done.
func (d Desk) Post(path string, form url.Values) (status int, body string) {
	return d.ask(http.MethodPost, path, form)
}

func (d Desk) ask(method, path string, form url.Values) (status int, body string) {
	d.t.Helper()
	req, err := http.NewRequest(method, d.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		d.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+d.Token)
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Accept", "application/json")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, ""
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, ""
	}
	return res.StatusCode, string(raw)
}

// Live opens the stream of live screens. The channel gives the names of topics that changed and is
// closed when the stream ends; it ends with the test at the latest.
func (d Desk) Live(topics ...string) <-chan string {
	d.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	d.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.base+"/console/live?topics="+strings.Join(topics, ","), nil)
	if err != nil {
		d.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+d.Token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK {
		d.t.Fatalf("the live stream answers %d", res.StatusCode)
	}
	heard, lines := make(chan string, 100), bufio.NewScanner(res.Body)
	go func() {
		defer close(heard)
		defer res.Body.Close() //nolint:errcheck // a stream has no proper end
		for lines.Scan() {
			topic, changed := strings.CutPrefix(lines.Text(), "event: ")
			if !changed {
				continue
			}
			select {
			case heard <- topic:
			case <-ctx.Done():
				return
			}
		}
	}()
	return heard
}
