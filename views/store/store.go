// Package store draws the shop's public pages: the list of products, one product, the cart, the checkout,
// orders and returns, and the ways to help. Every page is whole without a script; where one runs, the forms
// of the cart draw themselves anew in place.
package store

import (
	"context"
	"strconv"

	"frontdesk/views/ui"
)

// Paths of the shop that its pages lead to.
const (
	ProductsPath = "/products"
	CartPath     = "/cart"
	LinesPath    = "/cart/lines"
	CheckoutPath = "/checkout"
	OrdersPath   = "/orders"
	LookupPath   = "/support/order-lookup"
	HandoffPath  = "/handoff/whatsapp"
	ReturnsPath  = "/returns"
	StartPath    = "/returns/start"
	ListPath     = "/returns/list"
	VerifyPath   = "/verify"
)

// Most is the largest quantity that one line of a form asks for.
const Most = 99

// ListPage is the list of products for what was asked.
type ListPage struct {
	Search     Search
	Categories []ui.Chip // the first leads to all
	Within     []ui.Chip // what the chosen category is made of; the first leads to all of it
	Asked      []Asked   // what narrows the list
	Clear      string    // the list without anything that narrows it
	Products   []Card
	Total      int
	From, To   int // the place of the products shown among all, from 1
	// Previous and Next lead a page on; empty at an end.
	Previous, Next string
	Failed         string // the id of the request that could not read the list
	Again          string // the same list, asked once more
}

// Search is the form above the list, as it was filled in.
type Search struct {
	Text, Category, Least, Most string
	Currency                    string
	Sorts                       []ui.Option
	Sort                        string // empty: the usual order
	Open                        bool   // price and order are in sight
}

// Asked is one thing that narrows the list, and the list without it.
type Asked struct{ Label, Without string }

// Card is a product in a list.
type Card struct {
	URL        string
	Name       string
	Brand      string
	Picture    Picture
	PriceMinor int64
	Currency   string
	Stock      Stock
}

// Picture is what a product looks like. Without an address a drawn one stands in its place.
type Picture struct {
	URL   string // on this host: browsers are told to load no other
	Alt   string
	Video bool
	Tint  string // of the drawn one
}

// Stock is how much there is, in words.
type Stock struct {
	Tone ui.Tone
	Word string
	Left int
}

// ProductPage is one product.
type ProductPage struct {
	Card
	SKU         string
	Description string
	Pictures    []Picture
	Specs       []Spec
	Back        Crumb // the category it is from, or the whole shop
	Add         AddForm
	WhatsApp    string // a chat about this product; empty: no number is set
	Shipping    Shipping
}

// Spec is a labelled property.
type Spec struct{ Label, Value string }

// Crumb leads back.
type Crumb struct{ Label, URL string }

// AddForm puts the product into the cart. Key makes sending it twice the same as once.
type AddForm struct {
	CSRF, Product, Key string
	Qty                string // as typed
	Problem            string // in words; empty: nothing is wrong
	InCart             int    // how many of it are there already
	Most               int    // how many can be asked for; 0: none, it is sold out
	Added              bool
}

// Shipping is what sending costs, as the rules say it.
type Shipping struct {
	Currency      string
	ShippingMinor int64
	FreeFromMinor int64 // 0: never free by its amount
}

// CartPage is what somebody has chosen so far.
type CartPage struct {
	CSRF     string
	Lines    []Line
	Added    string // the name of what was just put in; empty: nothing was
	Notices  []Notice
	Items    int
	Currency string
	// What it comes to; ShippingMinor as it is charged.
	SubtotalMinor, ShippingMinor, TotalMinor int64
	MissingMinor                             int64 // until sending is free; 0: it is, or never will be
}

// Notice is a line that must be seen.
type Notice struct {
	Tone ui.Tone
	Text string
}

// Line is a product in the cart.
type Line struct {
	ID         string
	Product    Card
	Qty        int
	Typed      string // what was asked for and could not be had
	UnitMinor  int64
	TotalMinor int64
	Problem    string   // why it stays as it was; empty: nothing is wrong
	Notices    []Notice // its price changed, there are fewer left
	Most       int      // how many can be asked for
}

// Money is an amount inside a text, whose order no writing direction turns round.
func Money(ctx context.Context, minor int64, currency string) string {
	return "\u2068" + ui.Money(ctx, minor, currency) + "\u2069"
}

func (l Line) path() string { return LinesPath + "/" + l.ID }

func (l Line) value() string {
	if l.Typed != "" {
		return l.Typed
	}
	return strconv.Itoa(l.Qty)
}

func (l Line) id(part string) string { return part + "-" + l.ID }

// manyPictures tells whether there is anything to look through.
func (p ProductPage) manyPictures() bool { return len(p.Pictures) > 1 }

func (p ProductPage) first() Picture {
	if len(p.Pictures) > 0 {
		return p.Pictures[0]
	}
	return p.Picture
}
