// Package home draws the salon's public pages: the start page and the privacy notice.
package home

import (
	"frontdesk/models"
	"frontdesk/views/store"
)

// Page is the start page. It works without a WhatsApp number and says so.
type Page struct {
	Categories  []Category
	Packs       []Pack
	Hours       []Hours
	Closures    []string // dates the salon is closed, in words
	WhatsAppURL string   // empty: no number is set
	Currency    string
	Deposit     int          // percent
	Refund      int          // hours of notice that give the deposit back
	Newest      []store.Card // of the shop; none: it has nothing or cannot be read
}

// Category is a part of the menu.
type Category struct {
	Name     string
	Services []Service
}

// Service is a line of the menu.
type Service struct {
	Name       string
	Minutes    int
	PriceMinor int64
}

// Pack is a set of services at one price.
type Pack struct {
	Name        string
	Minutes     int
	PriceMinor  int64
	SavingMinor int64
}

// Hours is one line of the opening hours. Closed when Opens is empty.
type Hours struct {
	Days   string
	Opens  string
	Closes string
}

// Notice is what the privacy notice needs to know of the configuration.
type Notice struct {
	Salon    string
	URLs     map[models.Language]string // the same notice in each language
	ReplyURL string                     // where to write on WhatsApp; empty: no number is set
}
