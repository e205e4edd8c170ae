package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// live is a configuration that production accepts.
func live() map[string]string {
	return map[string]string{
		"APP_ENV": "production", "DATABASE_URL": "postgres://u:p@db/x", "REDIS_URL": "redis://:s3cret@r:6379", "BASE_URL": "https://salon.example",
		"ADMIN_TOKEN": strings.Repeat("k", 32), "SEALING_KEY": strings.Repeat("s", 32), "WHATSAPP_APP_SECRET": "a1", "WHATSAPP_VERIFY_TOKEN": "v1", "WHATSAPP_PHONE_ID": "1",
		"WHATSAPP_TOKEN": "t1", "STRIPE_SECRET_KEY": "sk_live_1", "STRIPE_WEBHOOK_SECRET": "whsec_1",
	}
}

func TestConfiguration(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change map[string]string // over live(); a value of "-" takes the variable away
		want   []string          // parts of the error; none means accepted
	}{
		{"complete", nil, nil},
		{"everything missing is listed at once", map[string]string{
			"DATABASE_URL": "-", "REDIS_URL": "-", "BASE_URL": "-", "ADMIN_TOKEN": "-", "SEALING_KEY": "-", "WHATSAPP_APP_SECRET": "-", "WHATSAPP_VERIFY_TOKEN": "-",
			"WHATSAPP_PHONE_ID": "-", "WHATSAPP_TOKEN": "-", "STRIPE_SECRET_KEY": "-", "STRIPE_WEBHOOK_SECRET": "-",
		}, []string{
			"DATABASE_URL is missing", "REDIS_URL is missing", "BASE_URL is missing", "ADMIN_TOKEN is missing", "SEALING_KEY is missing", "WHATSAPP_APP_SECRET is missing",
			"WHATSAPP_VERIFY_TOKEN is missing", "WHATSAPP_PHONE_ID is missing", "WHATSAPP_TOKEN is missing", "STRIPE_SECRET_KEY is missing", "STRIPE_WEBHOOK_SECRET is missing",
		}},
		{"demo secrets", map[string]string{"ADMIN_TOKEN": "demo_admin_0123456789abcdef", "WHATSAPP_APP_SECRET": "demo_app_1", "STRIPE_WEBHOOK_SECRET": "whsec_demo1"},
			[]string{"ADMIN_TOKEN is a demo value", "WHATSAPP_APP_SECRET is a demo value", "STRIPE_WEBHOOK_SECRET is a demo value"}},
		{"stand-ins", map[string]string{"SIM_ADDR": "127.0.0.1:8090", "SIM_URL": "http://127.0.0.1:8090", "STRIPE_BASE_URL": "http://localhost:1/stripe"},
			[]string{"SIM_ADDR is set", "SIM_URL is set", "STRIPE_BASE_URL is not a real provider"}},
		{"test key and plain HTTP", map[string]string{"STRIPE_SECRET_KEY": "sk_test_1", "BASE_URL": "http://salon.example"},
			[]string{"STRIPE_SECRET_KEY is a test key", "BASE_URL must be https"}},
		{"Redis without a password", map[string]string{"REDIS_URL": "redis://r:6379"}, []string{"REDIS_URL has no password"}},
		{"two webhook secrets while they are rotated", map[string]string{"WHATSAPP_APP_SECRET": "new, old", "STRIPE_WEBHOOK_SECRET": "whsec_new,whsec_old"}, nil},
		{"a demo secret beside a real one", map[string]string{"WHATSAPP_APP_SECRET": "new,demo_app_1"}, []string{"WHATSAPP_APP_SECRET is a demo value"}},
		{"too many webhook secrets", map[string]string{"WHATSAPP_APP_SECRET": "a,b,c", "STRIPE_WEBHOOK_SECRET": "whsec_a,"},
			[]string{"WHATSAPP_APP_SECRET must be one secret", "STRIPE_WEBHOOK_SECRET must be one secret"}},
		{"Chatwoot", map[string]string{"CHATWOOT_BASE_URL": "https://inbox.example", "CHATWOOT_API_TOKEN": "b", "CHATWOOT_WEBHOOK_SECRET": "s"}, nil},
		{"half of Chatwoot", map[string]string{"CHATWOOT_BASE_URL": "https://inbox.example", "CHATWOOT_WEBHOOK_SECRET": "s"}, []string{"CHATWOOT_BASE_URL, CHATWOOT_API_TOKEN and one of"}},
		{"a door beside the signed one", map[string]string{"CHATWOOT_BASE_URL": "https://inbox.example", "CHATWOOT_API_TOKEN": "b",
			"CHATWOOT_WEBHOOK_SECRET": "s", "CHATWOOT_WEBHOOK_TOKEN": strings.Repeat("t", 24)}, []string{"CHATWOOT_WEBHOOK_TOKEN is set beside"}},
		{"our proxies", map[string]string{"TRUSTED_PROXIES": "10.0.0.7,10.1.0.0/16,fd00::/8"}, nil},
		{"whom the throttle lets pass", map[string]string{"THROTTLE_ALLOW": "192.0.2.7, 2001:db8::/32", "THROTTLE_PER_MINUTE": "5"}, nil},
		{"whom it cannot", map[string]string{"THROTTLE_ALLOW": "everybody", "THROTTLE_PER_MINUTE": "0"}, []string{"THROTTLE_ALLOW is not a list", "THROTTLE_PER_MINUTE must be"}},
		{"patience with providers", map[string]string{"WA_SEND_TIMEOUT_MS": "2000", "WA_SEND_BREAKER_THRESHOLD": "3", "STRIPE_BREAKER_COOLDOWN_MS": "1000"}, nil},
		{"no patience", map[string]string{"WA_SEND_TIMEOUT_MS": "0", "WA_SEND_BREAKER_THRESHOLD": "0", "STRIPE_BREAKER_THRESHOLD": "-1", "STRIPE_BREAKER_COOLDOWN_MS": "5"},
			[]string{"STRIPE_BREAKER_THRESHOLD is not a uint32", "WA_SEND_TIMEOUT_MS must be 500 to 14000", "WA_SEND_BREAKER_THRESHOLD must be 1 to 1000", "STRIPE_BREAKER_COOLDOWN_MS must be 100 to 600000"}},
		{"no proxies", map[string]string{"TRUSTED_PROXIES": "10.0.0.7,all"}, []string{"TRUSTED_PROXIES is not a list"}},
		{"staging takes a test key", map[string]string{"APP_ENV": "staging", "STRIPE_SECRET_KEY": "sk_test_1"}, nil},
		{"staging takes no stand-ins", map[string]string{"APP_ENV": "staging", "SIM_URL": "http://127.0.0.1:8090"}, []string{"SIM_URL is set"}},
		{"no second factors", map[string]string{"MFA_REQUIRED": "false", "SEALING_KEY": "short"}, []string{"MFA_REQUIRED is off", "SEALING_KEY is too short"}},
		{"second factors asked for", map[string]string{"MFA_REQUIRED": "true"}, nil},
		{"two admin tokens while they are rotated", map[string]string{"ADMIN_TOKEN": strings.Repeat("n", 24) + "," + strings.Repeat("o", 24)}, nil},
		{"a weak admin token beside a good one", map[string]string{"ADMIN_TOKEN": strings.Repeat("n", 24) + ",old"}, []string{"ADMIN_TOKEN is too short"}},
		{"weak admin token", map[string]string{"ADMIN_TOKEN": "changeme"}, []string{"ADMIN_TOKEN is too short"}},
		{"keys without an environment", map[string]string{"APP_ENV": "-"}, []string{"APP_ENV must be said"}},
		{"unknown environment", map[string]string{"APP_ENV": "prod"}, []string{"APP_ENV must be demo"}},
		{"wrong forms", map[string]string{"ADDR": "8080", "SEND_GRACE": "soon", "LOG_LEVEL": "loud", "BASE_URL": "salon"},
			[]string{"ADDR is not host:port", "SEND_GRACE is not a time.Duration", "LOG_LEVEL is not a slog.Level", "BASE_URL is not an http address"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			environ := live()
			for name, value := range tt.change {
				environ[name] = value
				if value == "-" {
					delete(environ, name)
				}
			}
			_, err := loadConfig(environ)
			if (err == nil) != (len(tt.want) == 0) {
				t.Fatalf("got %v", err)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not said in %v", want, err)
				}
			}
		})
	}
}

func TestNothingConfiguredIsTheDemo(t *testing.T) {
	t.Parallel()
	c, err := loadConfig(nil)
	if err != nil || c.Env != envDemo || c.Addr != "127.0.0.1:8080" || c.SimAddr != "127.0.0.1:8090" || c.MFARequired || !filepath.IsAbs(c.DataDir) {
		t.Errorf("got %+v, %v", c, err)
	}
}

// Whatever runs on somebody's own port 3000 is no part of the salon.
func TestNoOriginMayCallALiveSalonUnnamed(t *testing.T) {
	t.Parallel()
	environ := live()
	if c, err := loadConfig(environ); err != nil || len(c.CORSOrigins) != 0 {
		t.Errorf("unnamed: got %v, %v", c.CORSOrigins, err)
	}
	environ["CORS_ORIGINS"] = "https://app.salon.example"
	if c, err := loadConfig(environ); err != nil || len(c.CORSOrigins) != 1 {
		t.Errorf("named: got %v, %v", c.CORSOrigins, err)
	}
	if c, err := loadConfig(nil); err != nil || len(c.CORSOrigins) != 1 {
		t.Errorf("in demo: got %v, %v", c.CORSOrigins, err)
	}
}

// In demo and test nobody throttles this machine until something is said; a live salon throttles everybody.
func TestWhomTheThrottleLetsPass(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		environ map[string]string
		said    string
		want    int
	}{
		{"demo", map[string]string{}, "-", 2}, {"demo, nobody", map[string]string{}, "", 0}, {"demo, one", map[string]string{}, "192.0.2.7", 1},
		{"live", live(), "-", 0}, {"live, two", live(), "192.0.2.7,10.0.0.0/8", 2},
	} {
		if tt.said != "-" {
			tt.environ["THROTTLE_ALLOW"] = tt.said
		}
		c, err := loadConfig(tt.environ)
		if err != nil || len(c.ThrottleAllow) != tt.want || c.ThrottlePerMinute != 300 {
			t.Errorf("%s: got %v, %d a minute (%v)", tt.name, c.ThrottleAllow, c.ThrottlePerMinute, err)
		}
	}
}

func TestSecretsAreMadeOnceAndKeptToTheirOwner(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	var wg sync.WaitGroup
	tokens := make([]string, 8)
	for i := range tokens {
		wg.Go(func() {
			c := Config{DataDir: dir}
			if err := c.complete(); err != nil {
				t.Error(err)
			}
			tokens[i] = c.AdminToken + c.StripeSecretKey + c.WhatsAppAppSecret
		})
	}
	wg.Wait()
	for _, token := range tokens {
		if token != tokens[0] || !strings.Contains(token, demoMark) {
			t.Errorf("got %q and %q", token, tokens[0])
		}
	}
	info, err := os.Stat(filepath.Join(dir, "secrets.env"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("secrets: %v %v", info.Mode(), err)
	}
	given := Config{DataDir: dir, AdminToken: "mine"}
	if err := given.complete(); err != nil || given.AdminToken != "mine" {
		t.Errorf("a given token became %q (%v)", given.AdminToken, err)
	}
	other := Config{DataDir: t.TempDir()}
	if err := other.complete(); err != nil || strings.Contains(tokens[0], other.AdminToken) {
		t.Errorf("two folders share a secret (%v)", err)
	}
}

// The pilot is whom PILOT_WHITELIST names, as their numbers are stored; where it names nobody, everybody is
// answered and templates are tried on a made-up number, in demo and test alone.
func TestThePilotsNumbers(t *testing.T) {
	for _, tc := range []struct {
		env, list      string
		pilot, testing []string
	}{
		{"test", "", nil, []string{"+447700900190"}},
		{"test", "+44 7700 900101,+34 612 345 678", []string{"+447700900101", "+34612345678"}, []string{"+447700900101", "+34612345678"}},
		{"staging", "", nil, nil},
	} {
		c := Config{Env: tc.env}
		if tc.list != "" {
			c.PilotWhitelist = strings.Split(tc.list, ",")
		}
		if got := c.pilot(); !slices.Equal(got, tc.pilot) {
			t.Errorf("%s with %q: the pilot is %v", tc.env, tc.list, got)
		}
		if got := c.testNumbers(); !slices.Equal(got, tc.testing) {
			t.Errorf("%s with %q: templates may be tried on %v", tc.env, tc.list, got)
		}
	}
}
