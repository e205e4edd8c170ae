package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"frontdesk/internal/calendar"
)

// Calendars are the stylists' own calendars outside. Without a key there are none.
type Calendars struct {
	// CalendarKey is the key file of the service account that the calendars are shared with, as it is or in
	// base64.
	CalendarKey string `env:"CALENDAR_KEY"`
	// CalendarBaseURL and CalendarTokenURL are the provider's; the stand-in's in demo and test.
	CalendarBaseURL  string `env:"CALENDAR_BASE_URL"`
	CalendarTokenURL string `env:"CALENDAR_TOKEN_URL"`
}

// real tells whether a key is there that no demo made up.
func (c *Calendars) real() bool {
	if c.CalendarKey == "" {
		return false
	}
	key, err := calendar.ParseKey(c.CalendarKey)
	return err != nil || !strings.Contains(key.Email, demoMark)
}

// checkLive refuses what only a demo has.
func (c *Calendars) checkLive() []error {
	var problems []error
	if c.CalendarKey != "" && !c.real() {
		problems = append(problems, errors.New("CALENDAR_KEY is a demo value"))
	}
	for _, s := range []setting{{"CALENDAR_BASE_URL", c.CalendarBaseURL}, {"CALENDAR_TOKEN_URL", c.CalendarTokenURL}} {
		if s.value != "" && (!strings.HasPrefix(s.value, "https://") || isLoopback(s.value)) {
			problems = append(problems, fmt.Errorf("%s is not a real provider", s.name))
		}
	}
	return problems
}

// checkForms judges what every environment needs to be well formed.
func (c *Calendars) checkForms() []error {
	if c.CalendarKey == "" {
		return nil
	}
	if _, err := calendar.ParseKey(c.CalendarKey); err != nil {
		return []error{fmt.Errorf("CALENDAR_KEY is %w", err)}
	}
	return nil
}

// demoKeyBits is the size of a demo's key, which guards nothing and is to be made quickly.
const demoKeyBits = 2048

// complete makes up a service account, which only a stand-in believes.
func (c *Calendars) complete(s *secrets) error {
	const name = "CALENDAR_KEY"
	if c.CalendarKey != "" {
		return nil
	}
	if kept, ok := s.values[name]; ok {
		c.CalendarKey = kept
		return nil
	}
	key, err := rsa.GenerateKey(rand.Reader, demoKeyBits)
	if err != nil {
		return fmt.Errorf("make a key for the demo's calendars: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return fmt.Errorf("write the key for the demo's calendars: %w", err)
	}
	file, err := json.Marshal(calendar.Key{
		Email: demoMark + "-frontdesk@luma.example", TokenURL: "http://localhost/token", // the stand-in's takes its place
		PrivateKey: string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
	})
	if err != nil {
		return fmt.Errorf("write the key for the demo's calendars: %w", err)
	}
	c.CalendarKey = base64.StdEncoding.EncodeToString(file)
	s.keep(name, c.CalendarKey)
	return nil
}

// useStandIn points the client at the stand-in, where nothing else was said.
func (c *Calendars) useStandIn(simURL string) {
	if c.CalendarBaseURL == "" {
		c.CalendarBaseURL, c.CalendarTokenURL = simURL+"/calendar/v3", simURL+"/calendar/token"
	}
}

// openCalendars is the client of the calendars; nil when there are none.
func (c *Calendars) openCalendars() *calendar.Client {
	key, err := calendar.ParseKey(c.CalendarKey)
	if c.CalendarKey == "" || err != nil { // an unreadable one was refused before
		return nil
	}
	return calendar.New(calendar.Config{BaseURL: c.CalendarBaseURL, TokenURL: c.CalendarTokenURL, Key: key})
}
