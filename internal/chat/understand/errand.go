package understand

import (
	"slices"
	"strings"

	"frontdesk/models"
)

// Errand is what a message asks of the shop. The zero Errand asks nothing.
type Errand struct {
	Do ErrandKind
	// Typed: written as the command it is ("add LUM-1 2"). What is asked in ordinary words is surer the more it
	// names, and may be about something else.
	Typed bool
	// Words are what is looked for or named, as written, without the words around it; SKU is the one that looks like a
	// code; Shelf the slug of the category named.
	Words, SKU, Shelf string
	// Of is which of what was shown last is meant, from 1; OfThose: "it", "those".
	Of       int
	Qty      int             // 0: not said
	More     bool            // Qty is how many more: "two more of those"
	Page     int             // of a list; 0: not said
	Order    string          // the number or id of an order, or of a return, as written
	Everyone bool            // "all of them"
	Tongue   models.Language // of a command: that of its verb
}

// OfThose means what was spoken of last.
const OfThose = -1

// ErrandKind is what is to be done in the shop.
type ErrandKind string

// Kinds of errands.
const (
	DoNothing  ErrandKind = ""
	DoBrowse   ErrandKind = "browse"   // show the categories
	DoShow     ErrandKind = "show"     // show a category
	DoMore     ErrandKind = "more"     // the next page of what was shown
	DoSearch   ErrandKind = "search"   // look for something in words
	DoDetails  ErrandKind = "details"  // of one product
	DoAdd      ErrandKind = "add"      // into the basket
	DoCart     ErrandKind = "cart"     // show the basket
	DoQty      ErrandKind = "qty"      // another quantity of what is in it
	DoRemove   ErrandKind = "remove"   // take out of it
	DoEmpty    ErrandKind = "empty"    // take all out
	DoCheckout ErrandKind = "checkout" // order what is in it
	DoStatus   ErrandKind = "status"   // how an order stands
	DoReturn   ErrandKind = "return"   // send something back
	DoGiveUp   ErrandKind = "give_up"  // not this order after all: one that was placed
	DoBack     ErrandKind = "back"     // to what was talked about before the shop
	DoPick     ErrandKind = "pick"     // one of what was shown
)

// Counter is where a customer stands in the shop: Front, that it was the shop that spoke last; Shown, how many
// things it listed; Held, that a product was spoken of, which "it" may mean.
type Counter struct {
	Front bool
	Shown int
	Held  bool
}

// Shelf is a category of the shop by its names.
type Shelf struct {
	Slug  string
	Names models.Text
}

// ReadErrand understands what a message asks of the shop, beside what it means for the salon: that is plain, read
// without any question being open. It is pure, as Read is.
func ReadErrand(in Input, plain Meaning, at Counter) Errand {
	asks := strings.ContainsAny(in.Text, "?؟") && plain.Intents.Has(shopping...)
	asked, named := in.Expect != ExpectNone, !at.Front && !asks && in.names()
	in.Expect, in.Options = ExpectNone, nil
	r := errandReader{reader: newReader(in), plain: plain, at: at, asked: asked, named: named}
	if r.blank || in.ReplyID != "" || len(r.tokens) == 0 || plain.Intents.Has(Stop, Start, Health) {
		return Errand{}
	}
	r.meaning.Language = plain.Language
	r.plain = r.withoutPurpose()
	r.references()
	for _, read := range []func() (Errand, bool){r.command, r.wording, r.intended, r.pointed} {
		if e, ok := read(); ok {
			return e.bare()
		}
	}
	return Errand{}
}

// errandReader is one reading of one message for the shop.
type errandReader struct {
	*reader
	plain Meaning
	at    Counter
	asked bool   // a question about a booking is open: what is not plainly the shop's may answer it
	named bool   // that question wants a name, of somebody or of a service, and the message answers it
	used  []bool // tokens that are a verb, a number or a reference: none of them names a product
	coded []bool // tokens that belong to a code or a number of an order: none of them says how many
	said  Errand // what the arguments say, whatever is to be done with them
}

func (r *errandReader) use(start, end int) {
	for i := start; i < end && i < len(r.used); i++ {
		r.used[i] = true
	}
}

// references reads codes, numbers, ordinals and pages, which mean the same in every errand.
func (r *errandReader) references() {
	r.used, r.coded = make([]bool, len(r.tokens)), make([]bool, len(r.tokens))
	r.said.Order = r.orderNamed()
	r.said.SKU = r.code()
	r.page()
	r.ordinal()
	r.those()
	r.said.Qty, r.said.More = r.howMany()
	r.said.Everyone = len(errandWords.all.find(r.message)) > 0
}

// command reads the commands as documented: a verb the message begins with, and what follows it.
func (r *errandReader) command() (Errand, bool) {
	for _, from := range []int{0, r.opening()} { // "ver" begins a command and is a courtesy too
		h, ok := errandWords.commands.at(r.message, from)
		if !ok {
			continue
		}
		e := r.said
		e.Do, e.Typed, e.Tongue = h.means, true, h.language
		e.Words, e.Shelf = r.words(h.end), r.shelf(h.end)
		alone := from == 0 && h.end == len(r.tokens)
		if r.fits(e) && (alone || !r.elsewhere(e)) {
			return r.aimed(e), true
		}
	}
	return Errand{}, false
}

// opening is the first word that is more than a courtesy.
func (r *errandReader) opening() int {
	return max(0, slices.IndexFunc(r.tokens, func(t token) bool { return !lexicons.filler(t) }))
}

// bare is an errand without the quantity that it has no use for: the article of "a conditioner".
func (e Errand) bare() Errand {
	switch e.Do {
	case DoAdd, DoQty, DoRemove, DoReturn:
		if e.Do == DoReturn && e.Qty == 1 {
			e.Qty = 0
		}
	default:
		e.Qty, e.More = 0, false
	}
	return e
}

// fits tells whether what follows a command is what it takes: "show Thursday" and "add a blow-dry" are no errands.
func (r *errandReader) fits(e Errand) bool {
	bare := e.Words == ""
	goods := r.namesGoods()
	salon := r.salon() && !goods
	code := e.SKU != "" && (!r.salon() || strings.ContainsAny(e.SKU, "0123456789"))
	pointed := e.Of != 0 && (r.at.Front || r.at.Held)
	switch e.Do {
	case DoBrowse, DoCart, DoCheckout, DoEmpty, DoBack:
		return bare && e.SKU == ""
	case DoShow:
		return e.Shelf != "" || pointed && r.at.Front
	case DoMore:
		return bare && r.at.Front || e.Shelf != ""
	case DoDetails, DoAdd, DoRemove:
		return code || pointed || goods || r.at.Front && !bare && !salon || bare && r.at.Held && r.at.Front
	case DoQty:
		return e.Qty > 0 && (code || pointed || goods || r.at.Held) || code && slices.ContainsFunc(r.tokens, func(t token) bool { return t.number == 0 })
	case DoStatus:
		return bare || e.Order != "" || len(r.tokens) <= fewWords+1 && !salon
	case DoReturn, DoGiveUp:
		return bare || e.Order != "" || goods || pointed
	default:
		return false
	}
}

// salon tells whether the message is about a visit: it names a service, a day or a stylist.
func (r *errandReader) salon() bool {
	m := r.plain
	return len(m.Services)+len(m.Ambiguous)+len(m.Packs)+len(m.Stylists) > 0 || m.Day != nil || m.Days != nil || m.At != nil
}

// namesGoods tells whether a word of the message is for something that is sold.
func (r *errandReader) namesGoods() bool {
	return slices.ContainsFunc(r.tokens, func(t token) bool { return t.among(lexicons.goods) }) || r.plain.Product != ""
}

// wording reads wordings that can be meant of a shop alone: "what's in my basket?".
func (r *errandReader) wording() (Errand, bool) {
	hits := errandWords.wordings.find(r.message)
	r.said.SKU = r.written(r.said.SKU)
	if len(hits) == 0 || r.plain.Main == Person {
		return Errand{}, false
	}
	best := hits[0]
	for _, h := range hits[1:] {
		if errandRank(h.means) < errandRank(best.means) {
			best = h
		}
	}
	e := r.said
	e.Do, e.Words, e.Shelf = best.means, r.words(0), r.shelf(0)
	if r.elsewhere(e) {
		return Errand{}, false
	}
	return r.settled(r.aimed(e))
}

// errandRank tells which of several wordings of one message counts: who says what shall be done with the basket means
// more than to see it.
func errandRank(do ErrandKind) int {
	return slices.Index([]ErrandKind{DoGiveUp, DoReturn, DoEmpty, DoRemove, DoQty, DoAdd, DoCheckout, DoStatus, DoDetails, DoMore, DoBack, DoCart, DoShow, DoBrowse, DoSearch}, do)
}

// settled makes an errand whole, or refuses it where it may as well be about something else.
func (r *errandReader) settled(e Errand) (Errand, bool) {
	named := e.SKU != "" || r.namesGoods() || e.Of != 0 && (r.at.Front || r.at.Held) || r.basketNamed()
	switch e.Do {
	case DoAdd, DoRemove, DoQty:
		return e, named && (e.SKU != "" || e.Words != "" || e.Of != 0) || r.at.Front && e.Words != "" && !r.salon()
	case DoDetails:
		return e, e.SKU != "" || e.Of != 0 && r.at.Front || !r.salon() && (r.namesGoods() || r.at.Front && r.at.Held)
	case DoMore:
		return e, r.at.Front
	case DoShow:
		return e, e.Shelf != ""
	case DoSearch: // nor is "how much for brows and a gel manicure?" about goods, for all its gel
		return e, !r.salon() || e.SKU != ""
	default:
		return e, true
	}
}

// basketNamed tells whether the basket itself is spoken of.
func (r *errandReader) basketNamed() bool { return len(errandWords.basket.find(r.message)) > 0 }

// intended reads what the model of intents knows to be about the shop, and no service of the salon.
func (r *errandReader) intended() (Errand, bool) {
	m := r.plain
	if !m.Intents.Has(shopping...) || len(m.Services)+len(m.Ambiguous)+len(m.Packs) > 0 {
		return Errand{}, false
	}
	if r.asked && !r.at.Front && (r.named || !r.namesGoods()) && r.said.SKU == "" && r.said.Order == "" && !r.basketNamed() {
		return Errand{}, false
	}
	e := r.said
	e.Words, e.Shelf = r.words(0), r.shelf(0)
	if e.Qty == 0 {
		e.Qty = m.Quantity
	}
	asks := func(i Intent) bool { return m.Main == i || m.Intents.Has(i) && !slices.Contains(shopping, m.Main) }
	switch {
	case asks(Return):
		e.Do = DoReturn
	case asks(OrderStatus):
		e.Do = DoStatus
	case asks(Checkout):
		e.Do = DoCheckout
	case asks(Cart):
		e.Do = DoAdd
		if e.SKU == "" && !r.namesGoods() && e.Of == 0 {
			e.Do = DoCart
		}
	case asks(ProductDetails):
		e.Do = DoDetails
		if e.SKU == "" && e.Words == "" && e.Of == 0 && r.at.Held {
			e.Of = OfThose
		}
		if e.SKU == "" && e.Words == "" && e.Of == 0 {
			e.Do = DoBrowse
		}
	case e.Shelf != "" && !r.beyondShelf(e):
		e.Do = DoShow
	case e.Words != "" || e.SKU != "":
		e.Do = DoSearch
	default:
		e.Do = DoBrowse
	}
	return e, true
}

// beyondShelf tells whether more is looked for than a category holds by its name.
func (r *errandReader) beyondShelf(e Errand) bool {
	return len(strings.Fields(e.Words)) > len(strings.Fields(r.shelfWords(e.Shelf)))
}

// pointed reads what only points at something that was shown, or names goods and nothing else: "2", "the last one",
// "two more of those", "argan oil".
func (r *errandReader) pointed() (Errand, bool) {
	e := r.said
	if r.salon() && !r.namesGoods() || r.plain.Intents.Has(Book, Cancel, Move, Delay, MyBooking, AskFAQ, Price, Person, Thanks, Greeting) && !r.at.Front {
		return Errand{}, false
	}
	e.Words, e.Shelf = r.words(0), r.shelf(0)
	switch {
	case !r.at.Front && !(r.at.Held && e.More):
		e.Do = DoSearch
		if r.named || r.elsewhere(e) {
			return Errand{}, false
		}
		onlyGoods := e.Words != "" && r.namesGoods() && len(strings.Fields(e.Words)) >= len(r.tokens)-1 && !r.plain.Intents.Has(Complaint)
		return e, onlyGoods && !r.salon()
	case e.More && (e.Of != 0 || r.at.Held) && (e.Words == "" || e.Of != 0):
		e.Do = DoAdd
		if e.Of == 0 {
			e.Of = OfThose
		}
		return e, true
	case e.Of > 0 && e.Words == "":
		e.Do = DoPick
		return e, true
	case e.SKU != "" && len(r.tokens) <= fewWords+1:
		e.Do = DoDetails
		return e, true
	case e.Shelf != "" && !r.salon():
		e.Do = DoShow
		return e, true
	case e.Words != "" && r.namesGoods() && !r.salon():
		e.Do = DoSearch
		return e, true
	default:
		return Errand{}, false
	}
}
