package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// secrets are a data folder's own random values, made at first use and kept in one file that only its
// owner may read. Processes that start together see the same ones.
type secrets struct {
	values map[string]string
	fresh  []string // lines to add
}

// withSecrets opens the folder's secrets, runs use, and keeps what was made up meanwhile.
func withSecrets(dir string, use func(*secrets) error) (err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil { // Postgres' user must reach its own folder inside
		return fmt.Errorf("make data folder: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(dir, "secrets.env"), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("open secrets: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }() // closing frees the lock
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		return fmt.Errorf("lock secrets: %w", err)
	}
	raw, err := io.ReadAll(file)
	if err != nil {
		return fmt.Errorf("read secrets: %w", err)
	}
	s := &secrets{values: parseEnv(string(raw))}
	if err := use(s); err != nil {
		return err
	}
	if _, err := file.WriteString(strings.Join(s.fresh, "")); err != nil {
		return fmt.Errorf("keep secrets: %w", err)
	}
	return nil
}

// value is the folder's value of a name, made up of the shape when it has none yet.
func (s *secrets) value(name, shape string) string {
	if v, ok := s.values[name]; ok {
		return v
	}
	b := make([]byte, 16)
	rand.Read(b) //nolint:errcheck // never fails: the runtime stops the program instead
	v := fmt.Sprintf(shape, hex.EncodeToString(b))
	s.keep(name, v)
	return v
}

// keep lets the folder have a value from now on.
func (s *secrets) keep(name, v string) {
	s.values[name] = v
	s.fresh = append(s.fresh, name+"="+v+"\n")
}

// parseEnv reads KEY=value lines.
func parseEnv(text string) map[string]string {
	values := map[string]string{}
	for line := range strings.Lines(text) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			values[key] = value
		}
	}
	return values
}

// complete fills what demo and test are not given with the folder's own values, each in the shape its
// service's values have. All carry the demo mark, so that production refuses them.
func (c *Config) complete() error {
	return withSecrets(c.DataDir, func(s *secrets) error {
		c.Messengers.complete(s)
		if err := c.Calendars.complete(s); err != nil {
			return err
		}
		for _, g := range []struct {
			name, shape string
			field       *string
		}{
			{"ADMIN_TOKEN", demoMark + "_admin_%s", &c.AdminToken},
			{"CATALOG_SYNC_KEY", demoMark + "_sync_%s", &c.CatalogSyncKey},
			{"SEALING_KEY", demoMark + "_seal_%s", &c.SealingKey},
			{"WHATSAPP_APP_SECRET", demoMark + "_app_%s", &c.WhatsAppAppSecret},
			{"WHATSAPP_VERIFY_TOKEN", demoMark + "_verify_%s", &c.WhatsAppVerifyToken},
			{"WHATSAPP_PHONE_ID", demoMark + "_phone_%s", &c.WhatsAppPhoneID},
			{"WHATSAPP_TOKEN", demoMark + "_wa_%s", &c.WhatsAppToken},
			{"CHATWOOT_WEBHOOK_TOKEN", demoMark + "_cw_%s", &c.ChatwootWebhookToken},
			{"CHATWOOT_WEBHOOK_SECRET", demoMark + "_cws_%s", &c.ChatwootWebhookSecret},
			{"CHATWOOT_API_TOKEN", demoMark + "_cwt_%s", &c.ChatwootAPIToken},
			{"CLAUDE_API_KEY", demoMark + "_claude_%s", &c.ClaudeKey},
			{"STRIPE_SECRET_KEY", "sk_test_" + demoMark + "%s", &c.StripeSecretKey},
			{"STRIPE_WEBHOOK_SECRET", "whsec_" + demoMark + "%s", &c.StripeWebhookSecret},
		} {
			if *g.field == "" {
				*g.field = s.value(g.name, g.shape)
			}
		}
		return nil
	})
}

func removeIfThere(file string) error {
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove %s: %w", filepath.Base(file), err)
	}
	return nil
}
