package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"frontdesk/internal/calendar"
	"frontdesk/internal/chatwoot"
	"frontdesk/internal/claude"
	"frontdesk/internal/mail"
	"frontdesk/internal/sms"
	"frontdesk/internal/stripeapi"
	"frontdesk/internal/whatsapp"
)

// checkWithin bounds each call of check-providers.
const checkWithin = 20 * time.Second

// errProvider ends the program with a status that scripts see.
var errProvider = errors.New("a provider cannot be used")

// checkable is a provider's client that can be asked whether it would work, without sending anything.
type checkable interface {
	Check(ctx context.Context) error
}

// probe is a provider under its name; no client: it is not configured.
type probe struct {
	name   string
	client checkable
}

// probes are the providers there can be.
func (p providers) probes(c Config) []probe {
	list := []probe{{name: "whatsapp"}, {name: "stripe"}, {name: "mail"}, {name: "sms"}, {name: "calendar"}, {name: "claude"}, {name: "chatwoot"}}
	if c.WhatsAppBaseURL != "" && c.WhatsAppToken != "" {
		list[0].client = p.meta
	}
	if c.StripeSecretKey != "" && (!c.simulated() || c.StripeBaseURL != "") {
		list[1].client = p.stripe
	}
	if p.mail != nil {
		list[2].client = p.mail
	}
	if p.sms != nil {
		list[3].client = p.sms
	}
	if p.calendars != nil {
		list[4].client = calendarProbe{p.calendars, c.calendarKeepers}
	}
	if p.model != nil {
		list[5].client = p.model
	}
	if p.inbox.Connected() {
		list[6].client = p.inbox
	}
	return list
}

// checkProviders makes one harmless call to each configured provider and prints what came of it (R-1717).
// Nothing is sent to anybody. It fails when one of them does.
func checkProviders(ctx context.Context, c Config, out io.Writer, _ *slog.Logger) error {
	if c.simulated() && c.SimURL != "" {
		c.useStandIns()
	}
	return report(ctx, openProviders(c).probes(c), out)
}

func report(ctx context.Context, probes []probe, out io.Writer) error {
	var broken []string
	for _, p := range probes {
		said := "not configured"
		if p.client != nil {
			said = "ok"
			if err := checkOne(ctx, p.client); err != nil {
				said = "failed: " + inWords(err)
				broken = append(broken, p.name)
			}
		}
		if _, err := fmt.Fprintf(out, "%-10s %s\n", p.name, said); err != nil {
			return fmt.Errorf("print result: %w", err)
		}
	}
	if len(broken) > 0 {
		return fmt.Errorf("%w: %s", errProvider, strings.Join(broken, ", "))
	}
	return nil
}

func checkOne(ctx context.Context, client checkable) error {
	ctx, cancel := context.WithTimeout(ctx, checkWithin)
	defer cancel()
	return client.Check(ctx)
}

// inWords says what is wrong without a provider's own words, which may hold keys.
func inWords(err error) string {
	var meta *whatsapp.Error
	var pay *stripeapi.Error
	var desk *chatwoot.Error
	switch {
	case errors.As(err, &desk) && (desk.Status == 401 || desk.Status == 403):
		return "the token is refused"
	case errors.As(err, &desk):
		return fmt.Sprintf("%s (status %d)", desk.Details, desk.Status)
	case errors.As(err, &meta) && (meta.Status == 401 || meta.Status == 403 || meta.Code == 190):
		return "the token is refused"
	case errors.As(err, &pay) && (pay.Status == 401 || pay.Status == 403):
		return "the key is refused"
	case errors.As(err, &meta):
		return fmt.Sprintf("%s (status %d, code %d)", meta.Kind, meta.Status, meta.Code)
	case errors.As(err, &pay):
		return fmt.Sprintf("%s (status %d)", pay.Code, pay.Status)
	case errors.Is(err, claude.ErrKey), errors.Is(err, claude.ErrModel):
		return err.Error()
	case mail.Code(err) != "":
		return mail.Code(err)
	case sms.Code(err) != "":
		return sms.Code(err)
	case errors.As(err, new(unreachable)):
		return err.Error()
	case calendar.Code(err) != "":
		return calendar.Code(err)
	default:
		return "no answer"
	}
}
