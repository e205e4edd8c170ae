package main

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
)

// Environments of the program.
const (
	envDemo       = "demo"
	envTest       = "test"
	envStaging    = "staging"
	envProduction = "production"
)

// Config is everything the program reads from its environment. Nothing else reads it.
type Config struct {
	// Env is demo (the default when no provider's key is set), test, staging or production.
	Env string `env:"APP_ENV"`
	// Addr is where the app listens. A taken port gives way to the next free one unless it was asked for.
	Addr string `env:"ADDR" envDefault:"127.0.0.1:8080"`
	// BaseURL is how people reach the app. In demo and test it follows Addr and names localhost,
	// because passkeys refuse IP addresses.
	BaseURL string `env:"BASE_URL"`
	// DataDir holds the private servers, generated secrets and demo.env.
	DataDir string `env:"DATA_DIR" envDefault:".data"`
	// LogLevel is debug, info, warn or error.
	LogLevel slog.Level `env:"LOG_LEVEL" envDefault:"info"`

	// DatabaseURL is Postgres; in demo and test a private one is started without it.
	DatabaseURL string `env:"DATABASE_URL"`
	// RedisURL is Redis; in demo and test a private one is started without it.
	RedisURL string `env:"REDIS_URL"`

	// SimAddr is where the stand-ins listen, in demo and test only.
	SimAddr string `env:"SIM_ADDR" envDefault:"127.0.0.1:8090"`
	// SimURL is where stand-ins of another process are reached; none are started then.
	SimURL string `env:"SIM_URL"`

	// AdminToken lets scripts in (x-admin-token); without one that door is closed (R-1102). While it is rotated it may be two.
	AdminToken string `env:"ADMIN_TOKEN"`
	// MFARequired lets admins, finance and privacy do nothing before they have a second factor. Off by
	// default in demo and test, where the printed logins must work; production refuses to start without.
	MFARequired bool `env:"MFA_REQUIRED" envDefault:"true"`
	// SealingKey seals what authenticator apps share with us. Whoever changes it makes every enrolled app
	// useless.
	SealingKey string `env:"SEALING_KEY"`
	// SessionIdle ends a session after so long without a request; 0 takes 30 minutes, in demo and test 8
	// hours.
	SessionIdle time.Duration `env:"SESSION_IDLE"`
	// SessionMax ends a session this long after signing in, whatever happens; 0 takes 12 hours, in demo and
	// test 24.
	SessionMax time.Duration `env:"SESSION_MAX"`
	// CORSOrigins are the web origins that may call the API from a browser. In staging and
	// production there are none until somebody names them.
	CORSOrigins []string `env:"CORS_ORIGINS" envDefault:"http://localhost:3000"`
	// TrustedProxies are the addresses and networks (CIDR) of our own proxies, whose X-Forwarded-For is
	// believed; none by default.
	TrustedProxies []string `env:"TRUSTED_PROXIES"`

	// ThrottlePerMinute is how many requests a client may make in a minute.
	ThrottlePerMinute int `env:"THROTTLE_PER_MINUTE" envDefault:"300"`
	// ThrottleAllow are the addresses and networks (CIDR) whose requests are not counted, such as load
	// tests. In demo and test it is this machine until something is said; saying nothing is nobody.
	ThrottleAllow []string `env:"THROTTLE_ALLOW"`

	// WhatsAppAppSecret signs the webhooks Meta posts. While it is rotated it holds the new and the old
	// one with a comma between them, and no event is refused; so does StripeWebhookSecret.
	WhatsAppAppSecret string `env:"WHATSAPP_APP_SECRET"`
	// WhatsAppVerifyToken answers Meta's subscription check.
	WhatsAppVerifyToken string `env:"WHATSAPP_VERIFY_TOKEN"`
	// WhatsAppPhoneID is the id of the salon's number at Meta.
	WhatsAppPhoneID string `env:"WHATSAPP_PHONE_ID"`
	// WhatsAppNumber is the salon's number as people dial it, for the link on the start page; without
	// one the page says so.
	WhatsAppNumber string `env:"WHATSAPP_NUMBER"`
	// PilotWhitelist are the numbers, as people dial them, that take part in the pilot: nobody else is answered
	// by the bot (R-1105), and templates may be tried on no other. None: everybody is answered.
	PilotWhitelist []string `env:"PILOT_WHITELIST"`
	// WhatsAppToken authorises sending.
	WhatsAppToken string `env:"WHATSAPP_TOKEN"`
	// WhatsAppBaseURL is the Cloud API; the stand-in's in demo and test.
	WhatsAppBaseURL string `env:"WHATSAPP_BASE_URL"`
	// SendGrace is how long a message whose sending was cut off waits for a sign of life from the
	// channel before it is sent again.
	SendGrace time.Duration `env:"SEND_GRACE" envDefault:"30s"`

	// ChatwootWebhookSecret signs what current versions of Chatwoot post; while it is rotated it may be two,
	// as WhatsAppAppSecret. ChatwootWebhookToken stands in the address that older versions post to; where it
	// matters only one of the two may be set.
	ChatwootWebhookToken  string `env:"CHATWOOT_WEBHOOK_TOKEN"`
	ChatwootWebhookSecret string `env:"CHATWOOT_WEBHOOK_SECRET"`

	// ChatwootBaseURL is where Chatwoot is; the stand-in's in demo and test, and nowhere else unless it is
	// said: Chatwoot is optional.
	ChatwootBaseURL string `env:"CHATWOOT_BASE_URL"`
	// ChatwootAPIToken is the access token of the agent bot that speaks there for us.
	ChatwootAPIToken string `env:"CHATWOOT_API_TOKEN"`

	// StripeSecretKey authorises calls to Stripe.
	StripeSecretKey string `env:"STRIPE_SECRET_KEY"`
	// StripeWebhookSecret signs Stripe's events.
	StripeWebhookSecret string `env:"STRIPE_WEBHOOK_SECRET"`
	// StripeBaseURL is Stripe's API; the stand-in's in demo and test.
	StripeBaseURL string `env:"STRIPE_BASE_URL"`

	// Patience is how long providers are waited for.
	Patience

	// Messengers reach the salon's own people beside WhatsApp.
	Messengers

	// Reader is the language model, where there is one.
	Reader

	// Calendars are the stylists' own, outside.
	Calendars

	// Catalogue is where the shop's products come from.
	Catalogue
	// Takeback is what customers may send back.
	Takeback
	// Forgetting is how people are erased.
	Forgetting

	asked map[string]string // what was really set
}

// demoMark stands in every generated secret, so that production can refuse them.
const demoMark = "demo"

// loadConfig reads the environment and reports everything that is missing or wrong at once.
func loadConfig(environ map[string]string) (Config, error) {
	environ = underOurNames(environ)
	c := Config{asked: environ}
	var problems []error
	if err := env.ParseWithOptions(&c, env.Options{Environment: environ}); err != nil {
		problems = append(problems, readable(err)...)
	}
	if c.Env == "" {
		c.Env = envDemo
		if c.hasKeys() {
			problems = append(problems, errors.New("APP_ENV must be said when a provider's key is set: demo, test, staging or production"))
		}
	}
	c.fillAccess()
	switch c.Env {
	case envDemo, envTest:
	case envStaging, envProduction:
		problems = append(problems, c.checkLive()...)
	default:
		problems = append(problems, errors.New("APP_ENV must be demo, test, staging or production"))
	}
	problems = append(problems, c.checkForms()...)
	dir, err := filepath.Abs(c.DataDir)
	if err != nil {
		problems = append(problems, fmt.Errorf("DATA_DIR: %w", err))
	}
	c.DataDir = dir
	if len(problems) > 0 {
		return c, fmt.Errorf("the configuration is not complete:\n%w", errors.Join(problems...))
	}
	return c, nil
}

// fillAccess chooses how strict signing in is, which origins may call and who is not counted, where
// nothing was said.
func (c *Config) fillAccess() {
	idle, most := 30*time.Minute, 12*time.Hour
	if c.simulated() {
		idle, most = 8*time.Hour, 24*time.Hour
		c.MFARequired = c.MFARequired && c.asked["MFA_REQUIRED"] != ""
		if _, said := c.asked["THROTTLE_ALLOW"]; !said {
			c.ThrottleAllow = []string{"127.0.0.0/8", "::1"}
		}
	} else if c.asked["CORS_ORIGINS"] == "" {
		c.CORSOrigins = nil
	}
	if c.SessionIdle == 0 {
		c.SessionIdle = idle
	}
	if c.SessionMax == 0 {
		c.SessionMax = most
	}
}

// readable names the variable instead of the field, and never repeats the value.
func readable(err error) []error {
	fields := reflect.TypeFor[Config]()
	var all env.AggregateError
	if !errors.As(err, &all) {
		return []error{errors.New("the environment cannot be read")}
	}
	var out []error
	for _, e := range all.Errors {
		var parse env.ParseError
		known := errors.As(e, &parse)
		field, found := fields.FieldByName(parse.Name)
		if !known || !found {
			out = append(out, errors.New("the environment cannot be read"))
			continue
		}
		out = append(out, fmt.Errorf("%s is not a %s", field.Tag.Get("env"), parse.Type))
	}
	return out
}

// hasKeys tells whether anything of a real provider is configured.
func (c *Config) hasKeys() bool {
	if c.Calendars.real() {
		return true
	}
	for _, v := range []string{c.WhatsAppToken, c.WhatsAppAppSecret, c.StripeSecretKey, c.StripeWebhookSecret, c.MailPassword, c.SMSKey, c.ClaudeKey} {
		if v != "" && !strings.Contains(v, demoMark) {
			return true
		}
	}
	return false
}

// simulated tells whether this environment may have stand-ins.
func (c *Config) simulated() bool { return c.Env == envDemo || c.Env == envTest }

// setting is one variable and its value.
type setting struct{ name, value string }

// live are the settings staging and production cannot do without.
func (c *Config) live() []setting {
	return []setting{
		{"DATABASE_URL", c.DatabaseURL}, {"REDIS_URL", c.RedisURL}, {"BASE_URL", c.BaseURL}, {"ADMIN_TOKEN", c.AdminToken},
		{"SEALING_KEY", c.SealingKey},
		{"WHATSAPP_APP_SECRET", c.WhatsAppAppSecret}, {"WHATSAPP_VERIFY_TOKEN", c.WhatsAppVerifyToken},
		{"WHATSAPP_PHONE_ID", c.WhatsAppPhoneID}, {"WHATSAPP_TOKEN", c.WhatsAppToken},
		{"STRIPE_SECRET_KEY", c.StripeSecretKey}, {"STRIPE_WEBHOOK_SECRET", c.StripeWebhookSecret},
	}
}

// checkLive refuses what belongs to a demo: missing or generated secrets, stand-ins, test keys.
func (c *Config) checkLive() []error {
	var problems []error
	for _, s := range c.live() {
		switch {
		case s.value == "":
			problems = append(problems, fmt.Errorf("%s is missing", s.name))
		case strings.HasSuffix(s.name, "_URL"):
		case strings.Contains(s.value, demoMark):
			problems = append(problems, fmt.Errorf("%s is a demo value", s.name))
		case s.name == "ADMIN_TOKEN" && slices.ContainsFunc(strings.Split(s.value, ","), func(t string) bool { return len(strings.TrimSpace(t)) < 24 }):
			problems = append(problems, errors.New("ADMIN_TOKEN is too short: 24 characters or more"))
		case s.name == "SEALING_KEY" && len(s.value) < 32:
			problems = append(problems, errors.New("SEALING_KEY is too short: 32 characters or more"))
		}
	}
	for _, name := range []string{"SIM_ADDR", "SIM_URL"} {
		if c.asked[name] != "" {
			problems = append(problems, fmt.Errorf("%s is set: stand-ins run in demo and test only", name))
		}
	}
	for _, s := range []setting{{"WHATSAPP_BASE_URL", c.WhatsAppBaseURL}, {"STRIPE_BASE_URL", c.StripeBaseURL}, {"CHATWOOT_BASE_URL", c.ChatwootBaseURL}} {
		if s.value != "" && (!strings.HasPrefix(s.value, "https://") || isLoopback(s.value)) {
			problems = append(problems, fmt.Errorf("%s is not a real provider", s.name))
		}
	}
	problems = append(problems, c.Messengers.checkLive()...)
	problems = append(problems, c.checkChatwoot()...)
	problems = append(problems, c.Reader.checkLive()...)
	problems = append(problems, c.Calendars.checkLive()...)
	problems = append(problems, c.Catalogue.checkLive()...)
	if c.Env == envProduction {
		problems = append(problems, c.checkProduction()...)
	}
	return problems
}

// checkChatwoot judges the optional inbox: nothing of it, or all it takes to answer there.
func (c *Config) checkChatwoot() []error {
	var problems []error
	proof := c.ChatwootWebhookSecret + c.ChatwootWebhookToken
	if (c.ChatwootBaseURL == "") != (c.ChatwootAPIToken == "") || (c.ChatwootBaseURL == "") != (proof == "") {
		problems = append(problems, errors.New("CHATWOOT_BASE_URL, CHATWOOT_API_TOKEN and one of CHATWOOT_WEBHOOK_SECRET and CHATWOOT_WEBHOOK_TOKEN go together"))
	}
	if c.ChatwootWebhookSecret != "" && c.ChatwootWebhookToken != "" {
		problems = append(problems, errors.New("CHATWOOT_WEBHOOK_TOKEN is set beside CHATWOOT_WEBHOOK_SECRET: whoever learns the address needs no signature"))
	}
	for _, s := range []setting{{"CHATWOOT_API_TOKEN", c.ChatwootAPIToken}, {"CHATWOOT_WEBHOOK_SECRET", c.ChatwootWebhookSecret}, {"CHATWOOT_WEBHOOK_TOKEN", c.ChatwootWebhookToken}} {
		if strings.Contains(s.value, demoMark) {
			problems = append(problems, fmt.Errorf("%s is a demo value", s.name))
		}
	}
	if c.ChatwootWebhookToken != "" && len(c.ChatwootWebhookToken) < 24 {
		problems = append(problems, errors.New("CHATWOOT_WEBHOOK_TOKEN is too short: 24 characters or more"))
	}
	return problems
}

func (c *Config) checkProduction() []error {
	var problems []error
	if strings.HasPrefix(c.StripeSecretKey, "sk_test_") {
		problems = append(problems, errors.New("STRIPE_SECRET_KEY is a test key"))
	}
	if c.BaseURL != "" && !strings.HasPrefix(c.BaseURL, "https://") {
		problems = append(problems, errors.New("BASE_URL must be https"))
	}
	if !c.MFARequired {
		problems = append(problems, errors.New("MFA_REQUIRED is off: admins, finance and privacy need a second factor"))
	}
	if c.WAPreviewPublic {
		problems = append(problems, errors.New("WA_PREVIEW_PUBLIC is on: previews are for the salon's people in production"))
	}
	if c.RedisURL != "" && !hasPassword(c.RedisURL) { // R-1510
		problems = append(problems, errors.New("REDIS_URL has no password"))
	}
	return problems
}
