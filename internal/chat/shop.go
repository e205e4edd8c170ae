package chat

import (
	"slices"
	"strconv"
	"strings"

	"frontdesk/internal/chat/understand"
	"frontdesk/models"
)

// The shop in the conversation. It stands beside the booking: a question about a visit stays open while somebody looks
// at products, its buttons still work, and it comes back when the shop's matter is done. What was shown last is what a
// number or "it" means: the shop's things while the shop is in front, the booking's else.

// Shop is where a customer stands in the shop.
type Shop struct {
	Front   bool            `json:"front,omitempty"`   // it was the shop that spoke last
	Options []models.Option `json:"options,omitempty"` // the buttons or rows it showed last
	Shown   []string        `json:"shown,omitempty"`   // what it listed, as ids of options: "the second one"
	List    *Listing        `json:"list,omitempty"`    // of which more may be asked for
	Product string          `json:"product,omitempty"` // the SKU spoken of last: "two more of those"
	Adding  int             `json:"adding,omitempty"`  // how many are wanted of the one to be chosen
	Asks    Asking          `json:"asks,omitempty"`    // the shop's own open question
	Order   *Ordering       `json:"order,omitempty"`   // an order on its way to be placed
	Return  *Sending        `json:"return,omitempty"`  // a return on its way to be opened
}

// Listing is what a list of products shows.
type Listing struct {
	Shelf string `json:"shelf,omitempty"` // slug
	Words string `json:"words,omitempty"` // what was looked for
	Page  int    `json:"page"`
}

// Asking is a question of the shop.
type Asking string

// Ids of the shop's options. They carry all they mean, so that a tap on an older message is still understood.
const (
	shopPrefix   = "shop:"
	shopBrowse   = "shop:browse"
	shopCart     = "shop:cart"
	shopEmpty    = "shop:empty"
	shopCheckout = "shop:checkout"
	shopBack     = "shop:back"
	shopOrders   = "shop:orders"
	shopShelf    = "shop:show:"   // shop:show:<page>:<slug>
	shopFind     = "shop:find:"   // shop:find:<page>:<words>
	shopItem     = "shop:item:"   // shop:item:<SKU>
	shopAdd      = "shop:add:"    // shop:add:<SKU>
	shopStatus   = "shop:status:" // shop:status:<order>
	shopReturn   = "shop:return:" // shop:return:<order>
	shopGiveUp   = "shop:giveup:" // shop:giveup:<order>
	shopAnswer   = "shop:say:"    // an answer to the shop's question
)

// maxSought is how long the words may be that the id of an option carries.
const maxSought = 60

// errandOf is what a tap asks of the shop.
func errandOf(id string) (understand.Errand, bool) {
	e := understand.Errand{Typed: true}
	rest := func(prefix string, do understand.ErrandKind) (string, bool) {
		after, ok := strings.CutPrefix(id, prefix)
		if ok {
			e.Do = do
		}
		return after, ok
	}
	switch id {
	case shopBrowse:
		e.Do = understand.DoBrowse
	case shopCart:
		e.Do = understand.DoCart
	case shopEmpty:
		e.Do = understand.DoEmpty
	case shopCheckout:
		e.Do = understand.DoCheckout
	case shopBack:
		e.Do = understand.DoBack
	case shopOrders:
		e.Do, e.Everyone = understand.DoStatus, true
	}
	if word, ok := rest(shopShelf, understand.DoShow); ok {
		e.Page, e.Shelf = paged(word)
	} else if word, ok := rest(shopFind, understand.DoSearch); ok {
		e.Page, e.Words = paged(word)
	} else if word, ok := rest(shopItem, understand.DoDetails); ok {
		e.SKU = word
	} else if word, ok := rest(shopAdd, understand.DoAdd); ok {
		e.SKU = word
	} else if word, ok := rest(shopStatus, understand.DoStatus); ok {
		e.Order = word
	} else if word, ok := rest(shopReturn, understand.DoReturn); ok {
		e.Order = word
	} else if word, ok := rest(shopGiveUp, understand.DoGiveUp); ok {
		e.Order = word
	}
	return e, e.Do != understand.DoNothing
}

// paged reads "2:hair-care".
func paged(word string) (page int, rest string) {
	number, rest, _ := strings.Cut(word, ":")
	page, _ = strconv.Atoi(number) // an id of ours, or a page that does not exist
	return max(1, page), rest
}

// shops takes what a message asks of the shop, or its answer to the shop's question, and tells whether it was either.
func (d *dialogue) shops(c models.Content, m understand.Meaning) bool {
	e := m.Errand
	if tapped, ok := errandOf(c.ReplyID); ok {
		e = tapped
	}
	if c.ReplyID == optionPerson {
		d.handOff(models.ReasonManualRequest, say("chat.handoff.manual_request", nil), say("case.asks.shop", nil))
		return true
	}
	if d.answersShop(c, m, e) {
		return true
	}
	if e.Do == understand.DoPick {
		e = d.picked(e)
	}
	if e.Do == understand.DoNothing {
		return false
	}
	d.run(e)
	return true
}

// counter is the shop as it stands, to be changed.
func (d *dialogue) counter() *Shop {
	shop := Shop{}
	if d.s.Shop != nil {
		shop = *d.s.Shop
	}
	d.s.Shop = &shop
	return d.s.Shop
}

// run does an errand. One that goes elsewhere leaves the shop's open question; an order on its way stays as far as it
// is.
func (d *dialogue) run(e understand.Errand) {
	d.greet()
	shop := d.counter()
	shop.Asks = ""
	if e.Do != understand.DoDetails && e.Do != understand.DoAdd && e.Do != understand.DoShow && e.Do != understand.DoMore {
		shop.Adding = 0
	}
	switch e.Do {
	case understand.DoBack:
		d.backToBooking()
	case understand.DoCheckout:
		d.checkOut()
	case understand.DoStatus, understand.DoReturn, understand.DoGiveUp:
		d.do(FindOrders{For: e.Do, Named: e.Order, All: e.Everyone})
	case understand.DoMore:
		d.shopMore(e)
	default:
		d.do(Shopping{d.resolved(e)})
	}
}

// shopMore shows the next page of what was shown.
func (d *dialogue) shopMore(e understand.Errand) {
	list := d.s.Shop.List
	switch {
	case e.Shelf != "":
		next := 2
		if list != nil && list.Shelf == e.Shelf {
			next = list.Page + 1
		}
		e.Page = max(e.Page, 1)
		if d.typedPage(e) == 0 {
			e.Page = next
		}
		e.Do = understand.DoShow
	case list == nil:
		e.Do = understand.DoBrowse
	default:
		e.Do, e.Shelf, e.Words, e.Page = understand.DoShow, list.Shelf, list.Words, list.Page+1
		if list.Shelf == "" {
			e.Do = understand.DoSearch
		}
	}
	d.do(Shopping{e})
}

func (d *dialogue) typedPage(e understand.Errand) int {
	if d.s.Shop.List == nil || e.Page > 1 {
		return e.Page
	}
	return 0
}

// resolved is an errand with what it points at in its place: of those shown, or spoken of last.
func (d *dialogue) resolved(e understand.Errand) understand.Errand {
	if e.SKU != "" || e.Of == 0 {
		return e
	}
	if e.Of == understand.OfThose {
		e.SKU, e.Words = d.s.Shop.Product, ""
		return e
	}
	if sku, ok := strings.CutPrefix(d.shownAt(e.Of), shopItem); ok {
		e.SKU, e.Words = sku, ""
	}
	return e
}

// shownAt is the id of what was listed at a place; empty when there is nothing.
func (d *dialogue) shownAt(n int) string {
	if d.s.Shop == nil || n < 1 {
		return ""
	}
	if shown := d.s.Shop.Shown; n <= len(shown) {
		return shown[n-1]
	}
	if options := d.s.Shop.Options; n <= len(options) {
		return options[n-1].ID
	}
	return ""
}

// picked is what choosing one of what was shown asks for: a product that waits to be added is added.
func (d *dialogue) picked(e understand.Errand) understand.Errand {
	id := d.shownAt(e.Of)
	picked, _ := errandOf(id) // an answer to a question is none, and was taken as such
	if picked.Do == understand.DoDetails && d.s.Shop.Adding > 0 {
		picked.Do, picked.Qty = understand.DoAdd, d.s.Shop.Adding
	}
	return picked
}

// stands is where the customer stands in the shop, for reading the next message.
func (s State) stands() understand.Counter {
	if s.Shop == nil {
		return understand.Counter{}
	}
	return understand.Counter{Front: s.Shop.Front, Shown: max(len(s.Shop.Shown), len(s.Shop.Options)), Held: s.Shop.Product != ""}
}

// open tells whether a question about a booking waits behind the shop.
func (d *dialogue) bookingOpen() bool {
	return d.s.Stage != StageOpen && d.s.Stage != StagePaying && d.s.Stage != StageName && d.s.Stage != StageUnfound
}

// backToBooking leaves the shop for the question that was open before.
func (d *dialogue) backToBooking() {
	d.leaveShop()
	d.repeat()
}

// leaveShop puts the shop behind: numbers are about the booking again. The cart and what was chosen stay.
func (d *dialogue) leaveShop() {
	if d.s.Shop == nil {
		return
	}
	shop := d.counter()
	shop.Front, shop.Asks, shop.Shown, shop.Options, shop.List, shop.Adding = false, "", nil, nil, nil, 0
}

// lastWord says the last word on a matter of the shop. Where a question about a booking waits, it comes back at once, and
// is the only one that is asked.
func (d *dialogue) lastWord(options []Choice, lines ...Line) {
	if !d.bookingOpen() {
		d.shelve(nil, "", false, options, lines...)
		return
	}
	d.do(Say{Class: models.ClassReply, Cause: "turn", Lines: append(d.takeLead(), lines...), Shop: true})
	d.backToBooking()
}

// shelve says something of the shop, which is in front then: shown are the things it lists, options what may be
// tapped.
func (d *dialogue) shelve(shown []string, label string, numbered bool, options []Choice, lines ...Line) {
	shop := d.counter()
	shop.Front, shop.Shown, shop.Options = true, shown, nil
	if d.bookingOpen() && len(options) < models.MaxButtons && !slices.ContainsFunc(options, func(c Choice) bool { return c.Detail != nil }) {
		options = append(slices.Clone(options), choice(shopBack, "shopchat.button.back"))
	}
	d.do(Say{
		Class: models.ClassReply, Cause: "turn", Lines: append(d.takeLead(), lines...), Options: options, Label: label, Numbered: numbered, Shop: true,
	})
}

func choice(id, key string) Choice { return Choice{ID: id, Titles: []Line{say(key, nil)}} }

// shopRemark says something of the shop that shows nothing new.
func (d *dialogue) shopRemark(lines ...Line) { d.shelve(nil, "", false, nil, lines...) }
