package chat

import (
	"strconv"
	"strings"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/checkout"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// Questions of a return, in the order they are asked.
const (
	asksItems   Asking = "items"
	asksHowMany Asking = "how_many"
	asksReason  Asking = "reason"
	asksPhotos  Asking = "photos"
)

// Sending is a return on its way to be opened.
type Sending struct {
	Order  models.ID     `json:"order"`
	Number string        `json:"number"`
	Lines  []SendingLine `json:"lines,omitempty"` // what can go back
	Items  []SendingLine `json:"items,omitempty"` // what shall
}

// SendingLine is a line of an order and how many of it can, or shall, go back.
type SendingLine struct {
	Item models.ID   `json:"item"`
	Text models.Text `json:"text"`
	Qty  int         `json:"qty"`
}

// OfferReturn asks what of an order can go back. The answer comes as Offered.
type OfferReturn struct{ Order models.ID }

// OpenReturn opens the return as it was asked for. The answer comes as Returned.
type OpenReturn struct {
	Sending
	Reason string
}

// KeepPhoto keeps the picture of the message with the sender's open return. The answer comes as Photographed.
type KeepPhoto struct{}

func (OfferReturn) action() {}
func (OpenReturn) action()  {}
func (KeepPhoto) action()   {}

// Offered answers OfferReturn.
type Offered struct {
	Offer checkout.Offer
	Fault string
	Facts i18n.Facts
}

// Returned answers OpenReturn.
type Returned struct {
	Return models.Return
	Order  models.Order
	Fault  string
	Facts  i18n.Facts
}

// Photographed answers KeepPhoto. Fault is what refused it.
type Photographed struct {
	Return models.Return
	Fault  string
	Facts  i18n.Facts
}

// orderToReturn goes on with the one order that can go back, or asks which.
func (d *dialogue) orderToReturn(f FoundOrders) {
	var sent []models.Order
	for _, o := range f.Orders {
		if o.Status.Placed() {
			sent = append(sent, o)
		}
	}
	switch {
	case len(sent) == 0:
		d.lastWord(nil, say("return.not_eligible.undelivered", nil))
	case len(sent) > 1 && f.Asked.Named == "":
		d.listOrders(sent, understand.DoReturn, "shopchat.return.which")
	default:
		d.do(OfferReturn{sent[0].ID})
	}
}

// offered asks which of an order's lines go back; of a single thing nothing has to be asked.
func (d *dialogue) offered(o Offered) {
	if o.Fault != "" {
		d.refusedReturn(o.Fault, o.Facts)
		return
	}
	s := Sending{Order: o.Offer.Order.ID, Number: o.Offer.Order.Number}
	for _, line := range o.Offer.Lines {
		if line.Left > 0 {
			s.Lines = append(s.Lines, SendingLine{line.ID, line.Names, line.Left})
		}
	}
	d.counter().Return = &s
	if len(s.Lines) == 1 {
		d.takeLine(s.Lines[0])
		return
	}
	d.askItems()
}

// refusedReturn says why something cannot go back; a person may know better.
func (d *dialogue) refusedReturn(key string, facts i18n.Facts) {
	d.counter().Return = nil
	d.lastWord([]Choice{choice(optionPerson, "shopchat.button.person")}, Line{Key: key, Facts: facts})
}

func (d *dialogue) askItems() {
	s := d.s.Shop.Return
	var options []Choice
	for _, line := range s.Lines[:min(len(s.Lines), models.MaxRows-1)] {
		options = append(options, d.thing(line, len(options)+1))
	}
	options = append(options, choice(shopAnswer+"all", "shopchat.button.all"))
	d.question(asksItems, options, say("shopchat.return.items", i18n.Facts{"Order": s.Number}))
}

// thing is a line of an order as a row.
func (d *dialogue) thing(line SendingLine, number int) Choice {
	name := line.Text.In(d.lang)
	title, detail := verbatim(name), verbatim("× "+strconv.Itoa(line.Qty))
	if models.Units(name) > models.MaxRowTitle {
		title = verbatim(strconv.Itoa(number) + " · × " + strconv.Itoa(line.Qty))
		detail = verbatim(clippedTo(name, models.MaxRowDetail))
	}
	return Choice{ID: shopAnswer + "item:" + line.Item.String(), Titles: []Line{title}, Detail: &detail}
}

// answersReturn takes an answer to a question of a return.
func (d *dialogue) answersReturn(a answer) bool {
	s := d.s.Shop.Return
	switch {
	case s == nil:
		return false
	case a.no && a.alone && d.s.Shop.Asks != asksPhotos:
		d.counter().Return, d.counter().Asks = nil, ""
		d.lastWord(nil, say("shopchat.return.dropped", nil))
		return true
	case d.s.Shop.Asks == asksItems:
		return d.answersItems(a, *s)
	case d.s.Shop.Asks == asksHowMany:
		return d.answersHowMany(a, *s)
	case d.s.Shop.Asks == asksReason:
		return d.answersReason(a, *s)
	default:
		return false
	}
}

func (d *dialogue) answersItems(a answer, s Sending) bool {
	if a.word == "all" || a.errand.Everyone || a.errand.Of == len(s.Lines)+1 {
		s.Items = s.Lines
		d.counter().Return = &s
		d.askReason()
		return true
	}
	item, tapped := idIn(a.id, shopAnswer+"item:")
	for i, line := range s.Lines {
		if tapped && line.Item == item || a.errand.Of == i+1 || a.id == "" && a.text != "" && a.errand.Of == 0 && namedBy(line.Text, a.text) {
			if n := a.errand.Qty; n > 0 && n < line.Qty && a.id == "" {
				line.Qty = n
				d.goesBack(line)
				return true
			}
			d.takeLine(line)
			return true
		}
	}
	return false
}

// takeLine takes a line of the order: how many of it, where it has several.
func (d *dialogue) takeLine(line SendingLine) {
	if line.Qty == 1 {
		d.goesBack(line)
		return
	}
	s := *d.s.Shop.Return
	s.Items = []SendingLine{line}
	d.counter().Return = &s
	options := []Choice{{ID: shopAnswer + "n:1", Titles: []Line{verbatim("1")}}, {ID: shopAnswer + "n:" + strconv.Itoa(line.Qty), Titles: []Line{verbatim(strconv.Itoa(line.Qty))}}}
	d.question(asksHowMany, options, say("shopchat.return.many", i18n.Facts{"Product": line.Text.In(d.lang), "Most": strconv.Itoa(line.Qty)}))
}

func (d *dialogue) answersHowMany(a answer, s Sending) bool {
	n := a.errand.Qty
	if word, ok := strings.CutPrefix(a.id, shopAnswer+"n:"); ok {
		n, _ = strconv.Atoi(word) // an id of ours
	}
	if n == 0 && a.id == "" {
		n = understand.Amount(a.text, d.lang)
	}
	if len(s.Items) != 1 || n < 1 {
		return false
	}
	line := s.Items[0]
	if n > line.Qty {
		d.lead(say("shopchat.return.toomany", i18n.Facts{"Most": strconv.Itoa(line.Qty)}))
		d.takeLine(line)
		return true
	}
	line.Qty = n
	d.goesBack(line)
	return true
}

func (d *dialogue) goesBack(line SendingLine) {
	s := *d.s.Shop.Return
	s.Items = []SendingLine{line}
	d.counter().Return = &s
	d.askReason()
}

func (d *dialogue) askReason() {
	var options []Choice
	for _, r := range models.ReturnReasons() {
		options = append(options, choice(shopAnswer+"why:"+string(r), "shopchat.button.reason."+string(r)))
	}
	d.question(asksReason, options, say("shopchat.return.reason", nil))
}

func (d *dialogue) answersReason(a answer, s Sending) bool {
	reasons := models.ReturnReasons()
	reason, tapped := strings.CutPrefix(a.id, shopAnswer+"why:")
	switch {
	case tapped:
	case a.errand.Of > 0 && a.errand.Of <= len(reasons):
		reason = string(reasons[a.errand.Of-1])
	case strings.TrimSpace(a.text) == "":
		return false
	default:
		reason = clippedTo(strings.TrimSpace(a.text), maxReason)
	}
	d.counter().Asks = ""
	d.do(OpenReturn{Sending: s, Reason: reason})
	return true
}

// maxReason is how much of a reason in the customer's own words is kept.
const maxReason = 200

// returned tells the code and what to do now; pictures may follow.
func (d *dialogue) returned(r Returned) {
	if r.Fault != "" {
		d.refusedReturn(r.Fault, r.Facts)
		return
	}
	d.counter().Return = nil
	d.shelve(nil, "", false, []Choice{choice(shopAnswer+"none", "shopchat.button.nophotos")},
		say("shopchat.return.opened", i18n.Facts{"Code": r.Return.RMACode, "Order": r.Order.Number}),
		say("shopchat.return.instructions", i18n.Facts{"Code": r.Return.RMACode}), say("shopchat.return.photos", nil))
	d.counter().Asks = asksPhotos
}

// photographed thanks for a picture of what goes back.
func (d *dialogue) photographed(p Photographed) {
	switch p.Fault {
	case "":
		d.shopRemark(say("shopchat.return.photo", i18n.Facts{"Code": p.Return.RMACode}))
		d.counter().Asks = asksPhotos
	case "return.photos_full":
		d.shopRemark(Line{Key: p.Fault, Facts: p.Facts})
	default:
		d.greet()
		d.remark(say("chat.media", nil))
	}
}

// answersPhotos ends the wait for pictures.
func (d *dialogue) answersPhotos(a answer) bool {
	if a.word != "none" && !a.no {
		return false
	}
	d.leaveShop()
	d.lastWord(nil, say("shopchat.return.nophotos", nil))
	return true
}
