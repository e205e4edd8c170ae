package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"frontdesk/internal/outage"
	"frontdesk/internal/shop"
	"frontdesk/internal/staff"
	"frontdesk/models"
)

// demoLogin is a demo account and the variable that tells scripts about it.
type demoLogin struct {
	variable string
	staff.Login
}

// demoLogins are the demo salon's people, with passwords of this data folder.
func demoLogins(dir string) ([]demoLogin, error) {
	logins := []demoLogin{
		{"LOGIN_ADMIN", staff.Login{Email: "admin@luma.example", Name: "Nadia Admin", Role: models.RoleAdmin}},
		{"LOGIN_PM", staff.Login{Email: "pm@luma.example", Name: "Paula Manager", Role: models.RolePM}},
		{"LOGIN_PM_2", staff.Login{Email: "pm2@luma.example", Name: "Pedro Manager", Role: models.RolePM}},
		{"LOGIN_OPERATOR", staff.Login{Email: "operator@luma.example", Name: "Olga Operator", Role: models.RoleOperator}},
		{"LOGIN_FINANCE", staff.Login{Email: "finance@luma.example", Name: "Farid Finance", Role: models.RoleFinance}},
		{"LOGIN_FINANCE_2", staff.Login{Email: "finance2@luma.example", Name: "Fiona Finance", Role: models.RoleFinance}},
		{"LOGIN_PRIVACY", staff.Login{Email: "privacy@luma.example", Name: "Petra Privacy", Role: models.RolePrivacy}},
		{"LOGIN_STYLIST", staff.Login{Email: "salma@luma.example", Name: "Salma", Role: models.RoleStylist, StylistCode: "salma"}},
		{"LOGIN_STYLIST_2", staff.Login{Email: "dana@luma.example", Name: "Dana", Role: models.RoleStylist, StylistCode: "dana"}},
		{"LOGIN_STYLIST_3", staff.Login{Email: "iris@luma.example", Name: "Iris", Role: models.RoleStylist, StylistCode: "iris"}},
		{"LOGIN_STYLIST_4", staff.Login{Email: "omar@luma.example", Name: "Omar", Role: models.RoleStylist, StylistCode: "omar"}},
		{"LOGIN_STYLIST_5", staff.Login{Email: "bruno@luma.example", Name: "Bruno", Role: models.RoleStylist, StylistCode: "bruno"}},
		{"LOGIN_STAKEHOLDER", staff.Login{Email: "stakeholder@luma.example", Name: "Stella Stakeholder", Role: models.RoleStakeholder}},
	}
	err := withSecrets(dir, func(s *secrets) error {
		for i := range logins {
			logins[i].Password = s.value(logins[i].variable, demoMark+"-%s")
		}
		return nil
	})
	return logins, err
}

// demoFile tells scripts how to reach a running demo. It exists exactly while the app is ready.
func demoFile(dir string) string { return filepath.Join(dir, "demo.env") }

// claim makes this the folder's first process, until it ends, and removes what an earlier one left.
func claim(dir string, s *stops) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { // Postgres' user must reach its own folder inside
		return fmt.Errorf("make data folder: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, "serve.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("claim data folder: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = lock.Close() // nothing was written
		return fmt.Errorf("another Frontdesk runs on %s; to add a process to it, load its demo.env first", dir)
	}
	s.add(func(context.Context) error { return lock.Close() })
	return errors.Join(removeIfThere(demoFile(dir)), outage.In(dir).End()) // what one that was killed may have left
}

// writeDemoFile writes the file whole or not at all.
func writeDemoFile(c Config, logins []demoLogin) error {
	var b strings.Builder
	for _, line := range [][2]string{
		{"APP_ENV", c.Env}, {"DATA_DIR", c.DataDir}, {"BASE_URL", c.BaseURL}, {"SIM_URL", c.SimURL},
		{"DATABASE_URL", c.DatabaseURL}, {"REDIS_URL", c.RedisURL}, {"ADMIN_TOKEN", c.AdminToken},
		{"SEALING_KEY", c.SealingKey}, {"CATALOG_SYNC_KEY", c.CatalogSyncKey},
		{"WHATSAPP_APP_SECRET", c.WhatsAppAppSecret}, {"WHATSAPP_VERIFY_TOKEN", c.WhatsAppVerifyToken},
		{"WHATSAPP_PHONE_ID", c.WhatsAppPhoneID}, {"WHATSAPP_TOKEN", c.WhatsAppToken},
		{"CHATWOOT_WEBHOOK_TOKEN", c.ChatwootWebhookToken}, {"CHATWOOT_WEBHOOK_SECRET", c.ChatwootWebhookSecret},
		{"CHATWOOT_API_TOKEN", c.ChatwootAPIToken},
		{"STRIPE_SECRET_KEY", c.StripeSecretKey}, {"STRIPE_WEBHOOK_SECRET", c.StripeWebhookSecret},
		{"MAIL_ADDR", c.MailAddr}, {"MAIL_SECURITY", c.MailSecurity}, {"MAIL_USER", c.MailUser}, {"MAIL_PASSWORD", c.MailPassword},
		{"MAIL_FROM", c.MailFrom}, {"CLAUDE_API_KEY", c.ClaudeKey}, {"SMS_KEY", c.SMSKey}, {"SMS_FROM", c.SMSFrom},
		{"CALENDAR_KEY", c.CalendarKey},
	} {
		fmt.Fprintf(&b, "%s=%s\n", line[0], line[1])
	}
	for _, l := range logins {
		fmt.Fprintf(&b, "%s=%s:%s\n", l.variable, l.Email, l.Password)
	}
	file := demoFile(c.DataDir)
	if err := os.WriteFile(file+".new", []byte(b.String()), 0o600); err != nil {
		return fmt.Errorf("write demo.env: %w", err)
	}
	if err := os.Rename(file+".new", file); err != nil {
		return fmt.Errorf("write demo.env: %w", err)
	}
	return nil
}

// announce prints what a person needs to begin.
func announce(w io.Writer, c Config, at net.Addr, logins []demoLogin) {
	fmt.Fprintf(w, "\nFrontdesk is ready.\n\n  app         %s\n  console     %s/console\n", c.BaseURL, c.BaseURL)
	if own := localURL(at.String()); own != c.BaseURL {
		fmt.Fprintf(w, "  this one    %s\n", own) // a further process, or one behind a proxy
	}
	if c.simulated() {
		fmt.Fprintf(w, "  stand-ins   %s\n  for scripts %s\n", c.SimURL, demoFile(c.DataDir))
	}
	if len(logins) > 0 {
		fmt.Fprint(w, "\nDemo logins:\n")
	}
	for _, l := range logins {
		fmt.Fprintf(w, "  %-12s %-24s %s\n", l.Role, l.Email, l.Password)
	}
	fmt.Fprint(w, "\nCtrl-C stops everything.\n")
}

// localURL names localhost with the port that was really taken.
func localURL(addr string) string {
	u := url.URL{Scheme: "http", Host: "localhost:" + addr[strings.LastIndexByte(addr, ':')+1:]}
	return u.String()
}

// stockTime is how long the first sync of a demo's shop may take.
const stockTime = 20 * time.Second

// stock fills an empty shop from the feed, as any sync does, and returns when that is over. A feed that does not
// answer leaves the shop empty; its run says so.
func stock(ctx context.Context, store *shop.Shop) error {
	ctx, cancel := context.WithTimeout(ctx, stockTime)
	defer cancel()
	run, err := store.BeginFirstSync(ctx)
	for err == nil && run.State == models.FeedRunning && ctx.Err() == nil {
		pause(ctx, 20*time.Millisecond)
		run, err = store.Run(ctx, run.ID)
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}
