package main

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"slices"
	"strings"

	salonmail "frontdesk/internal/mail"
	"frontdesk/internal/sms"
)

// Messengers are the ways to reach the salon's own people beside WhatsApp. A channel of which nothing is
// set is off; one of which something is missing is an error in staging and production.
type Messengers struct {
	// MailAddr is the SMTP server as host:port; the stand-in's in demo and test.
	MailAddr string `env:"MAIL_ADDR"`
	// MailSecurity is starttls (port 587), tls (port 465) or, for a server on this machine, none.
	MailSecurity string `env:"MAIL_SECURITY"`
	// MailUser and MailPassword log in: both, or neither where the server takes mail from this machine unasked.
	MailUser     string `env:"MAIL_USER"`
	MailPassword string `env:"MAIL_PASSWORD"`
	// MailFrom is the salon's address.
	MailFrom string `env:"MAIL_FROM"`

	// SMSBaseURL is the gateway (docs/providers.md); the stand-in's in demo and test.
	SMSBaseURL string `env:"SMS_BASE_URL"`
	// SMSKey authorises sending.
	SMSKey string `env:"SMS_KEY"`
	// SMSFrom is the number or name that phones show.
	SMSFrom string `env:"SMS_FROM"`
}

func (m *Messengers) mail() []setting {
	needed := []setting{{"MAIL_ADDR", m.MailAddr}, {"MAIL_FROM", m.MailFrom}}
	if m.MailUser+m.MailPassword == "" {
		return needed
	}
	return append(needed, setting{"MAIL_USER", m.MailUser}, setting{"MAIL_PASSWORD", m.MailPassword})
}

func (m *Messengers) sms() []setting {
	return []setting{{"SMS_BASE_URL", m.SMSBaseURL}, {"SMS_KEY", m.SMSKey}, {"SMS_FROM", m.SMSFrom}}
}

// checkLive names what a channel that somebody began to set up still lacks, and what only a demo has.
func (m *Messengers) checkLive() []error {
	var problems []error
	for _, channel := range [][]setting{m.mail(), m.sms()} {
		begun := slices.ContainsFunc(channel, func(s setting) bool { return s.value != "" })
		for _, s := range channel {
			switch {
			case begun && s.value == "":
				problems = append(problems, fmt.Errorf("%s is missing: its channel is half configured", s.name))
			case strings.Contains(s.value, demoMark+"_"):
				problems = append(problems, fmt.Errorf("%s is a demo value", s.name))
			}
		}
	}
	if m.MailAddr != "" && m.MailSecurity == string(salonmail.Plain) {
		problems = append(problems, errors.New("MAIL_SECURITY is none: passwords and names would travel in clear"))
	}
	if m.SMSBaseURL != "" && (!strings.HasPrefix(m.SMSBaseURL, "https://") || isLoopback(m.SMSBaseURL)) {
		problems = append(problems, errors.New("SMS_BASE_URL is not a real provider"))
	}
	return problems
}

// checkForms judges what every environment needs to be well formed.
func (m *Messengers) checkForms() []error {
	var problems []error
	if _, _, err := net.SplitHostPort(m.MailAddr); m.MailAddr != "" && err != nil {
		problems = append(problems, errors.New("MAIL_ADDR is not host:port"))
	}
	if from, err := mail.ParseAddress(m.MailFrom); m.MailFrom != "" && (err != nil || from.Address != m.MailFrom) {
		problems = append(problems, errors.New("MAIL_FROM is not one mail address"))
	}
	if !slices.Contains([]string{"", string(salonmail.StartTLS), string(salonmail.Implicit), string(salonmail.Plain)}, m.MailSecurity) {
		problems = append(problems, errors.New("MAIL_SECURITY must be starttls, tls or none"))
	}
	return problems
}

// complete fills what the stand-ins need of us.
func (m *Messengers) complete(s *secrets) {
	for _, g := range []struct {
		name, shape string
		field       *string
	}{
		{"MAIL_PASSWORD", demoMark + "_mail_%s", &m.MailPassword}, {"SMS_KEY", demoMark + "_sms_%s", &m.SMSKey},
	} {
		if *g.field == "" {
			*g.field = s.value(g.name, g.shape)
		}
	}
	for _, g := range []struct {
		field *string
		value string
	}{{&m.MailUser, demoMark}, {&m.MailFrom, "frontdesk@luma.example"}, {&m.SMSFrom, "+447700900000"}} {
		if *g.field == "" {
			*g.field = g.value
		}
	}
}

// openMail is the client of the mail server; nil when there is none.
func (m *Messengers) openMail() *salonmail.Client {
	if m.MailAddr == "" {
		return nil
	}
	return salonmail.New(salonmail.Config{
		Addr: m.MailAddr, Security: salonmail.Security(m.MailSecurity), User: m.MailUser, Password: m.MailPassword, From: m.MailFrom,
	})
}

// openSMS is the client of the SMS gateway; nil when there is none.
func (m *Messengers) openSMS() *sms.Client {
	if m.SMSBaseURL == "" {
		return nil
	}
	return sms.New(sms.Config{BaseURL: m.SMSBaseURL, Key: m.SMSKey, From: m.SMSFrom})
}
