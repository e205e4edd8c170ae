package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"frontdesk/internal/customers"
)

// checkForms judges what every environment needs to be well formed.
func (c *Config) checkForms() []error {
	problems := slices.Concat(c.Messengers.checkForms(), c.Reader.checkForms(), c.Calendars.checkForms(), c.Catalogue.checkForms(), c.Takeback.checkForms(), c.Patience.checkForms(), c.Forgetting.checkForms())
	for _, s := range []setting{{"ADDR", c.Addr}, {"SIM_ADDR", c.SimAddr}} {
		if _, _, err := net.SplitHostPort(s.value); err != nil {
			problems = append(problems, fmt.Errorf("%s is not host:port", s.name))
		}
	}
	for _, s := range []setting{
		{"BASE_URL", c.BaseURL}, {"SIM_URL", c.SimURL}, {"WHATSAPP_BASE_URL", c.WhatsAppBaseURL}, {"STRIPE_BASE_URL", c.StripeBaseURL},
		{"CHATWOOT_BASE_URL", c.ChatwootBaseURL}, {"CATALOG_FEED_URL", c.CatalogFeedURL},
		{"CALENDAR_BASE_URL", c.CalendarBaseURL}, {"CALENDAR_TOKEN_URL", c.CalendarTokenURL},
		{"SMS_BASE_URL", c.SMSBaseURL}, {"CLAUDE_BASE_URL", c.ClaudeBaseURL},
	} {
		if u, err := url.Parse(s.value); s.value != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
			problems = append(problems, fmt.Errorf("%s is not an http address", s.name))
		}
	}
	for _, s := range []struct {
		name string
		list []string
	}{{"TRUSTED_PROXIES", c.TrustedProxies}, {"THROTTLE_ALLOW", c.ThrottleAllow}} {
		if _, err := networks(s.list); err != nil {
			problems = append(problems, fmt.Errorf("%s is not a list of addresses and networks", s.name))
		}
	}
	for _, number := range c.PilotWhitelist {
		if _, err := customers.Normalize(number); err != nil {
			problems = append(problems, errors.New("PILOT_WHITELIST is not a list of phone numbers"))
			break
		}
	}
	if c.ThrottlePerMinute <= 0 {
		problems = append(problems, errors.New("THROTTLE_PER_MINUTE must be more than nothing"))
	}
	for _, s := range []setting{{"WHATSAPP_APP_SECRET", c.WhatsAppAppSecret}, {"STRIPE_WEBHOOK_SECRET", c.StripeWebhookSecret}, {"CHATWOOT_WEBHOOK_SECRET", c.ChatwootWebhookSecret}, {"CATALOG_SYNC_KEY", c.CatalogSyncKey}, {"ADMIN_TOKEN", c.AdminToken}} {
		if err := checkRotation(s); err != nil {
			problems = append(problems, err)
		}
	}
	if c.SessionIdle < 0 || c.SessionMax < 0 {
		problems = append(problems, errors.New("SESSION_IDLE and SESSION_MAX must not be negative"))
	}
	if c.SendGrace <= 0 {
		problems = append(problems, errors.New("SEND_GRACE must be longer than nothing"))
	}
	return problems
}

// networks reads a list of networks; a bare address is a network of one.
func networks(list []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, raw := range list {
		raw = strings.TrimSpace(raw)
		network, err := netip.ParsePrefix(raw)
		if addr, bare := netip.ParseAddr(raw); bare == nil {
			network, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("read network: %w", err)
		}
		out = append(out, network.Masked())
	}
	return out, nil
}

// checkRotation judges a secret that may be two: the new one and the old one it replaces.
func checkRotation(s setting) error {
	if s.value == "" {
		return nil
	}
	all := strings.Split(s.value, ",")
	empty := slices.ContainsFunc(all, func(one string) bool { return strings.TrimSpace(one) == "" })
	if empty || len(all) > 2 {
		return fmt.Errorf("%s must be one secret, or the new and the old one with a comma between them", s.name)
	}
	return nil
}

// pilot are the numbers whose messages the bot answers, as they are stored everywhere; none: everybody's.
func (c *Config) pilot() []string { return normalized(c.PilotWhitelist) }

// testNumbers are the numbers that templates may be tried on: those of the pilot. In demo and test there is
// one that nobody else has while nobody is named.
func (c *Config) testNumbers() []string {
	if len(c.PilotWhitelist) == 0 && c.simulated() {
		return []string{"+447700900190"}
	}
	return c.pilot()
}

// normalized leaves out what is no number; check has refused it before.
func normalized(numbers []string) []string {
	var out []string
	for _, number := range numbers {
		if normal, err := customers.Normalize(number); err == nil {
			out = append(out, normal)
		}
	}
	return out
}

// newest is the secret in use of one that may be two.
func newest(secret string) string {
	first, _, _ := strings.Cut(secret, ",")
	return strings.TrimSpace(first)
}

func hasPassword(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil {
		return false
	}
	password, _ := u.User.Password()
	return password != ""
}

func isLoopback(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
