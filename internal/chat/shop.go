package chat

import "frontdesk/internal/chat/understand"

// Orders, products and the basket: the people of the shop have them. The assistant says so and offers to
// pass on what was asked.

// StageShop asks whether a colleague shall be told what was asked of the shop.
const StageShop Stage = "shop"

// Shop is what was asked of the shop, and the question that was open before.
type Shop struct {
	Words  string `json:"words"`
	Before Stage  `json:"before,omitempty"`
}

// shopMatters are the intents about orders and products.
func shopMatters() []understand.Intent {
	return []understand.Intent{
		understand.OrderStatus, understand.Return, understand.Browse, understand.ProductDetails, understand.Cart, understand.Checkout,
	}
}

const (
	optionShopYes = "shop:yes"
	optionShopNo  = "shop:no"
)

// asksShop offers to pass on a matter of the shop, and tells whether the message was one.
func (d *dialogue) asksShop(m understand.Meaning) bool {
	if !m.Intents.Has(shopMatters()...) || len(m.Services)+len(m.Ambiguous)+len(m.Packs) > 0 {
		return false
	}
	d.offerShop(d.words)
	return true
}

func (d *dialogue) offerShop(words string) {
	before := d.s.Stage
	if d.s.Shop != nil && before == StageShop {
		before = d.s.Shop.Before
	}
	d.s.Shop = &Shop{Words: words, Before: before}
	d.askShop()
}

func (d *dialogue) askShop() {
	d.ask(StageShop, "", []Choice{
		{ID: optionShopYes, Titles: []Line{say("shop.button.yes", nil)}},
		{ID: optionShopNo, Titles: []Line{say("shop.button.no", nil)}},
	}, say("shop.offer", nil))
}

// answersShop takes a yes or no to the offer. A wish for something else leaves it.
func (d *dialogue) answersShop(m understand.Meaning) bool {
	if d.s.Stage != StageShop || d.s.Shop == nil {
		return false
	}
	asked := *d.s.Shop
	yes := m.OptionID == optionShopYes || m.Intents.Has(understand.Yes)
	no := m.OptionID == optionShopNo || m.Intents.Has(understand.No)
	switch {
	case yes == no:
		if d.saysMore(m) || m.Intents.Has(understand.Book, understand.Cancel, understand.Move, understand.MyBooking, understand.Delay, understand.Price) {
			d.leaveShop() // they have gone on to something else
		}
		return false
	case yes:
		d.leaveShop()
		d.words = asked.Words
		d.passOn(say("case.asks.shop", nil))
	default:
		d.leaveShop()
		if d.s.Stage == StageOpen {
			d.remark(say("chat.fine", nil))
			return true
		}
		d.repeat()
	}
	return true
}

// leaveShop brings the question back that was open before.
func (d *dialogue) leaveShop() {
	before := d.s.Shop.Before
	d.s.Shop = nil
	d.s.resume(before)
}
