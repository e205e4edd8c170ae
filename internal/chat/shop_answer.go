package chat

import (
	"slices"
	"strings"

	"frontdesk/internal/chat/understand"
	"frontdesk/models"
)

// answer is what a message may say to the shop's open question.
type answer struct {
	id, word string // of the option tapped; word is what stands behind the prefix of answers
	text     string // what was written
	yes, no  bool
	alone    bool // and says nothing else
	errand   understand.Errand
}

func (d *dialogue) answerOf(c models.Content, m understand.Meaning, e understand.Errand) answer {
	a := answer{errand: e, yes: m.Intents.Has(understand.Yes), no: m.Intents.Has(understand.No), alone: len(strings.Fields(c.Text)) <= 3}
	if c.ReplyID == "" {
		a.text = c.Text
		a.no = a.no || m.Main == understand.Cancel && a.alone
		if i := e.Of; e.Do == understand.DoPick && d.s.Shop != nil && i >= 1 && i <= len(d.s.Shop.Options) && len(d.s.Shop.Shown) == 0 {
			a.id = d.s.Shop.Options[i-1].ID
			a.text = ""
		}
		if i := slices.IndexFunc(d.options(), func(o models.Option) bool { return understand.Same(o.Title, c.Text) }); i >= 0 {
			a.id, a.text = d.options()[i].ID, ""
		}
	} else {
		a.id = c.ReplyID
	}
	a.word, _ = strings.CutPrefix(a.id, shopAnswer)
	if !strings.HasPrefix(a.id, shopAnswer) {
		a.word = ""
	}
	a.yes, a.no = a.yes || a.word == "yes", a.no || a.word == "no"
	a.yes = a.yes && !a.no
	return a
}

func (d *dialogue) options() []models.Option {
	if d.s.Shop == nil {
		return nil
	}
	return d.s.Shop.Options
}

// answersShop takes an answer to the shop's own question, and tells whether it was one.
func (d *dialogue) answersShop(c models.Content, m understand.Meaning, e understand.Errand) bool {
	ours := strings.HasPrefix(c.ReplyID, shopAnswer)
	if d.s.Shop == nil || d.s.Shop.Asks == "" || !d.s.Shop.Front && !ours {
		if ours { // of a question that is over
			d.run(understand.Errand{Do: understand.DoCart})
		}
		return ours
	}
	if e.Typed && !ours { // a command goes elsewhere, whatever is asked
		return false
	}
	a := d.answerOf(c, m, e)
	d.greet()
	switch d.s.Shop.Asks {
	case asksMore:
		return d.answersMore(m, a)
	case asksGiveUp:
		return d.answersGiveUp(a)
	case asksItems, asksHowMany, asksReason:
		return d.answersReturn(a)
	case asksPhotos:
		return d.answersPhotos(a)
	case asksWhichOrder:
		return d.answersWhichOrder(a)
	default:
		return d.answersOrder(a)
	}
}

// answersMore takes "no, that's all" and "yes" after something was put into the cart.
func (d *dialogue) answersMore(m understand.Meaning, a answer) bool {
	switch {
	case a.errand.Do != understand.DoNothing || d.saysMore(m):
		return false
	case a.no:
		d.run(understand.Errand{Do: understand.DoCart})
	case a.yes:
		d.run(understand.Errand{Do: understand.DoBrowse})
	default:
		return false
	}
	return true
}

// answersWhichOrder takes the number of an order, whatever else is written.
func (d *dialogue) answersWhichOrder(a answer) bool {
	if a.errand.Do != understand.DoNothing || a.errand.Order == "" {
		return false
	}
	do := understand.DoStatus
	if shown := d.s.Shop.Shown; len(shown) > 0 {
		first, _ := errandOf(shown[0])
		do = first.Do
	}
	d.run(understand.Errand{Do: do, Order: a.errand.Order})
	return true
}

// writesToShop takes words of the customer's own that the shop has asked for, before anything else is made of them: a
// street may be called after a hospital. A person and STOP are there for who asks for them.
func (d *dialogue) writesToShop(c models.Content, m understand.Meaning) bool {
	shop := d.s.Shop
	if shop == nil || !shop.Front || !shop.Asks.inWords() && shop.Asks != asksReason || c.Kind != models.KindText || c.Text == "" {
		return false
	}
	stop := m.Intents.Has(understand.Stop, understand.Start) && len(strings.Fields(c.Text)) == 1
	if m.Errand.Typed || stop || m.Intents.Has(understand.Person) && m.Confidence >= sureOfPerson {
		return false
	}
	if shop.Asks == asksReason && m.Intents.Has(understand.Health) {
		return false // a reaction of the skin is a person's matter
	}
	return d.answersShop(c, m, m.Errand)
}

// sureOfPerson is how sure it must be, in percent, that somebody who was asked for an address wants a person instead.
const sureOfPerson = 60

// repeatShop asks the shop's open question again, and tells whether there is one.
func (d *dialogue) repeatShop() bool {
	shop := d.s.Shop
	if shop == nil || !shop.Front {
		return false
	}
	switch shop.Asks {
	case asksConsent, asksSame, asksWho, asksStreet, asksCity, asksCountry, asksNotes, asksMethod, asksOrder:
		d.checkOut()
	case asksItems:
		d.askItems()
	case asksReason:
		d.askReason()
	case asksHowMany:
		d.takeLine(shop.Return.Items[0])
	case "":
		return false
	default:
		d.do(Shopping{understand.Errand{Do: understand.DoCart}})
	}
	return true
}

// happensInShop takes the result of an action of the shop, and tells whether the event was one.
func (d *dialogue) happensInShop(ev Event) bool {
	switch {
	case ev.Shopped != nil:
		d.shopped(*ev.Shopped)
	case ev.Prepared != nil:
		d.prepared(*ev.Prepared)
	case ev.Address != nil:
		d.sameAddress(*ev.Address)
	case ev.Ordered != nil:
		d.ordered(*ev.Ordered)
	case ev.Orders != nil:
		d.foundOrders(*ev.Orders)
	case ev.Ended != nil:
		d.ended(*ev.Ended)
	case ev.Offered != nil:
		d.offered(*ev.Offered)
	case ev.Returned != nil:
		d.returned(*ev.Returned)
	case ev.Photographed != nil:
		d.photographed(*ev.Photographed)
	default:
		return false
	}
	return true
}
