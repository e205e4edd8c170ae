package main

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"frontdesk/internal/feed"
	"frontdesk/internal/shop"
)

// Catalogue is where the shop's products come from, how long lists of them are remembered, and how long carts live.
type Catalogue struct {
	// CatalogFeedURL is the product feed; the stand-in's in demo and test. Without one the catalogue stays as
	// it is.
	CatalogFeedURL string `env:"CATALOG_FEED_URL"`
	// CatalogFeedToken is sent to the feed as a bearer token; empty sends none.
	CatalogFeedToken string `env:"CATALOG_FEED_TOKEN"`
	// CatalogSyncKey lets scripts ask for a sync (X-Catalog-Sync-Key); without one that door is closed.
	CatalogSyncKey string `env:"CATALOG_SYNC_KEY"`
	// CatalogSyncNightly is when the feed is read by itself every day, in the salon's time, "03:30"; empty is
	// never.
	CatalogSyncNightly string `env:"CATALOG_SYNC_NIGHTLY"`
	// CacheTTLProducts and CacheTTLCategories are how long lists and categories are remembered, in seconds; 0
	// remembers nothing.
	CacheTTLProducts   int `env:"CACHE_TTL_PRODUCTS_SEC" envDefault:"600"`
	CacheTTLCategories int `env:"CACHE_TTL_CATEGORIES_SEC" envDefault:"1800"`
	// WAPreviewPublic opens POST /whatsapp/preview to anybody, for scripts; production refuses it.
	WAPreviewPublic bool `env:"WA_PREVIEW_PUBLIC"`
	// CartTTLDays is how many days after its last change a cart is abandoned.
	CartTTLDays int `env:"CART_TTL_DAYS" envDefault:"7"`
	// CheckoutSuccessURL and CheckoutCancelURL are where the payment page sends people back to; {ORDER_ID} in them is
	// the order's. Empty is the order's own page.
	CheckoutSuccessURL string `env:"CHECKOUT_SUCCESS_URL"`
	CheckoutCancelURL  string `env:"CHECKOUT_CANCEL_URL"`
	// CartIdempotencyTTL is how many minutes asking again under an Idempotency-Key is harmless; less than a day
	// is a day.
	CartIdempotencyTTL int `env:"CART_IDEMPOTENCY_TTL_MIN" envDefault:"15"`
}

// maxLifetime is how long anything may be remembered, in seconds.
const maxLifetime = 24 * 60 * 60

// Limits of carts.
const (
	maxCartDays   = 365
	maxKeyMinutes = 30 * 24 * 60
)

// checkLive refuses what only a demo has.
func (c *Catalogue) checkLive() []error {
	var problems []error
	if c.CatalogFeedURL != "" && (!strings.HasPrefix(c.CatalogFeedURL, "https://") || isLoopback(c.CatalogFeedURL)) {
		problems = append(problems, errors.New("CATALOG_FEED_URL is not a real feed"))
	}
	for _, s := range []setting{{"CATALOG_SYNC_KEY", c.CatalogSyncKey}, {"CATALOG_FEED_TOKEN", c.CatalogFeedToken}} {
		if strings.Contains(s.value, demoMark) {
			problems = append(problems, fmt.Errorf("%s is a demo value", s.name))
		}
	}
	if c.CatalogSyncKey != "" && len(c.CatalogSyncKey) < 24 {
		problems = append(problems, errors.New("CATALOG_SYNC_KEY is too short: 24 characters or more"))
	}
	return problems
}

// checkForms judges what every environment needs to be well formed.
func (c *Catalogue) checkForms() []error {
	var problems []error
	if _, err := time.Parse("15:04", c.CatalogSyncNightly); c.CatalogSyncNightly != "" && err != nil {
		problems = append(problems, errors.New("CATALOG_SYNC_NIGHTLY is not a time of day such as 03:30"))
	}
	for _, s := range []struct {
		name               string
		value, least, most int
	}{
		{"CACHE_TTL_PRODUCTS_SEC", c.CacheTTLProducts, 0, maxLifetime}, {"CACHE_TTL_CATEGORIES_SEC", c.CacheTTLCategories, 0, maxLifetime},
		{"CART_TTL_DAYS", c.CartTTLDays, 1, maxCartDays}, {"CART_IDEMPOTENCY_TTL_MIN", c.CartIdempotencyTTL, 1, maxKeyMinutes},
	} {
		if s.value < s.least || s.value > s.most {
			problems = append(problems, fmt.Errorf("%s must be %d to %d", s.name, s.least, s.most))
		}
	}
	for _, s := range []setting{{"CHECKOUT_SUCCESS_URL", c.CheckoutSuccessURL}, {"CHECKOUT_CANCEL_URL", c.CheckoutCancelURL}} {
		u, err := url.Parse(s.value)
		if s.value != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "") {
			problems = append(problems, fmt.Errorf("%s is not an address", s.name))
		}
	}
	return problems
}

// useStandIn points the client at the stand-in, where nothing else was said.
func (c *Catalogue) useStandIn(simURL string) {
	if c.CatalogFeedURL == "" {
		c.CatalogFeedURL = simURL + "/feed/catalogue"
	}
}

// openFeed is the client of the feed; nil when there is none.
func (c *Catalogue) openFeed() *feed.Client {
	if c.CatalogFeedURL == "" {
		return nil
	}
	return feed.New(feed.Config{URL: c.CatalogFeedURL, Token: c.CatalogFeedToken})
}

// shelves are how the shop keeps its catalogue and its carts.
func (c *Catalogue) shelves(client *feed.Client) []shop.Option {
	return []shop.Option{
		shop.WithFeed(client), shop.WithNightly(c.CatalogSyncNightly),
		shop.WithLifetimes(time.Duration(c.CacheTTLProducts)*time.Second, time.Duration(c.CacheTTLCategories)*time.Second),
		shop.WithCarts(time.Duration(c.CartTTLDays)*24*time.Hour, time.Duration(c.CartIdempotencyTTL)*time.Minute),
	}
}
