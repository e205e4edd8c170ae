package main

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"frontdesk/internal/mail"
	"frontdesk/models"
)

// gateway is every provider at once, with one key; it remembers whether anything but a look was asked for.
func gateway(t *testing.T, key string) (url string, touched *bool) {
	t.Helper()
	touched = new(bool)
	mux := http.NewServeMux()
	for path, answer := range map[string]string{
		"/whatsapp/v20.0/77": `{"id":"77"}`, "/stripe/v1/balance": `{"object":"balance"}`, "/sms/balance": `{"balance":1}`,
		"/anthropic/v1/models/claude-haiku-4-5": `{"type":"model","id":"claude-haiku-4-5"}`,
	} {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer "+key && r.Header.Get("X-Api-Key") != key {
				w.WriteHeader(http.StatusUnauthorized)
				_, _ = w.Write([]byte(`{"error":{"code":"unauthorized"}}`))
				return
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(answer))
		})
	}
	mux.HandleFunc("GET /chatwoot/api/v1/profile", func(w http.ResponseWriter, r *http.Request) { // which no bot has
		said := "Invalid Access Token"
		if r.Header.Get("api_access_token") == key {
			said = "Access to this endpoint is not authorized for bots"
		}
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"error":"` + said + `"}`))
	})
	mux.HandleFunc("GET /anthropic/v1/models/", http.NotFound)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		*touched = true
		w.WriteHeader(http.StatusTeapot)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL, touched
}

func TestCheckProviders(t *testing.T) {
	url, touched := gateway(t, "right")
	with := func(key string) Config {
		return Config{
			Env: envStaging, WhatsAppBaseURL: url + "/whatsapp", WhatsAppPhoneID: "77", WhatsAppToken: key,
			StripeBaseURL: url + "/stripe", StripeSecretKey: key, Messengers: Messengers{SMSBaseURL: url + "/sms", SMSKey: key, SMSFrom: "Luma"},
			Reader:          Reader{ClaudeBaseURL: url + "/anthropic", ClaudeKey: key, ClaudeModel: "claude-haiku-4-5"},
			ChatwootBaseURL: url + "/chatwoot", ChatwootAPIToken: key,
		}
	}
	var out bytes.Buffer
	if err := checkProviders(context.Background(), with("right"), &out, nil); err != nil {
		t.Errorf("with the right keys: %v", err)
	}
	want := "whatsapp   ok\nstripe     ok\nmail       not configured\nsms        ok\ncalendar   not configured\nclaude     ok\nchatwoot   ok\n"
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}

	out.Reset()
	wrong := with("wrong-secret")
	wrong.MailAddr, wrong.MailFrom, wrong.MailSecurity = "127.0.0.1:1", "a@luma.example", string(mail.Plain)
	err := checkProviders(context.Background(), wrong, &out, nil)
	if !errors.Is(err, errProvider) || !strings.Contains(err.Error(), "whatsapp, stripe, mail, sms, claude, chatwoot") {
		t.Errorf("with wrong keys: %v", err)
	}
	want = "whatsapp   failed: the token is refused\nstripe     failed: the key is refused\nmail       failed: no_connection\nsms        failed: unauthorized\ncalendar   not configured\nclaude     failed: the key is refused\nchatwoot   failed: the token is refused\n"
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
	if strings.Contains(out.String(), "secret") || *touched {
		t.Errorf("a key was printed, or more than a look was asked for (%t)", *touched)
	}
	other := Config{Env: envStaging, Reader: Reader{ClaudeBaseURL: url + "/anthropic", ClaudeKey: "right", ClaudeModel: "claude-none"}}
	if out.Reset(); checkProviders(context.Background(), other, &out, nil) == nil || !strings.Contains(out.String(), "claude     failed: there is no such model") {
		t.Errorf("of a model that there is not: %s", out.String())
	}
}

// A calendar that its stylist did not share is named, however good the key is.
func TestEachStylistsCalendarIsAskedFor(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Path {
		case "/token":
			_, _ = w.Write([]byte(`{"access_token":"t","expires_in":3600,"token_type":"Bearer"}`))
		case "/calendars/primary/events", "/calendars/salma@luma.example/events":
			_, _ = w.Write([]byte(`{"kind":"calendar#events"}`))
		default:
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"error":{"errors":[{"reason":"notFound"}]}}`))
		}
	}))
	t.Cleanup(server.Close)
	var calendars Calendars
	if err := calendars.complete(&secrets{values: map[string]string{}}); err != nil {
		t.Fatal(err)
	}
	calendars.CalendarBaseURL, calendars.CalendarTokenURL = server.URL, server.URL+"/token"
	keepers := []models.Stylist{{Code: "salma", CalendarID: "salma@luma.example"}}
	check := func() string {
		var out bytes.Buffer
		who := func(context.Context) ([]models.Stylist, error) { return keepers, nil }
		_ = report(context.Background(), []probe{{"calendar", calendarProbe{calendars.openCalendars(), who}}}, &out)
		return out.String()
	}
	if got := check(); got != "calendar   ok\n" {
		t.Errorf("got %q", got)
	}
	keepers = append(keepers, models.Stylist{Code: "omar", CalendarID: "omar@luma.example"})
	if got := check(); got != "calendar   failed: omar notFound\n" {
		t.Errorf("got %q", got)
	}
}

func TestHalfAChannelIsNamed(t *testing.T) {
	for _, c := range []struct {
		name string
		m    Messengers
		want []string
	}{
		{"nothing set", Messengers{}, nil},
		{"half a mail server", Messengers{MailAddr: "mail.luma.example:587"}, []string{"MAIL_FROM is missing"}},
		{"a relay that asks for no login", Messengers{MailAddr: "mail.luma.example:587", MailFrom: "a@b.example"}, nil},
		{"a user without a password", Messengers{MailAddr: "m:587", MailFrom: "a@b.example", MailUser: "u"}, []string{"MAIL_PASSWORD is missing"}},
		{"half a gateway", Messengers{SMSKey: "k"}, []string{"SMS_BASE_URL is missing", "SMS_FROM is missing"}},
		{"in clear", Messengers{MailAddr: "m:25", MailFrom: "a@b.example", MailUser: "u", MailPassword: "p", MailSecurity: "none"}, []string{"MAIL_SECURITY is none"}},
		{"a stand-in", Messengers{SMSBaseURL: "http://127.0.0.1:1/sms", SMSKey: demoMark + "_sms_1", SMSFrom: "Luma"}, []string{"SMS_KEY is a demo value", "SMS_BASE_URL is not a real provider"}},
		{"whole", Messengers{MailAddr: "m:587", MailFrom: "a@b.example", MailUser: "u", MailPassword: "p", SMSBaseURL: "https://sms.example", SMSKey: "k", SMSFrom: "Luma"}, nil},
	} {
		got := c.m.checkLive()
		if len(got) != len(c.want) {
			t.Errorf("%s: got %v, want %q", c.name, got, c.want)
			continue
		}
		for i, problem := range got {
			if !strings.HasPrefix(problem.Error(), c.want[i]) {
				t.Errorf("%s: got %q, want %q", c.name, problem, c.want[i])
			}
		}
	}
}
