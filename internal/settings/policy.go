package settings

import "slices"

// Kind is what the value of a policy is, and with it how a form asks for it.
type Kind string

// Kinds of policies.
const (
	Number   Kind = "number"   // a whole number between Min and Max, both allowed
	Step     Kind = "step"     // one of Choices, which are whole numbers
	Switch   Kind = "switch"   // on or off
	Zone     Kind = "zone"     // the name of a time zone
	Currency Kind = "currency" // ISO 4217, of two decimals
	Wording  Kind = "wording"  // one line in each language, at most Max characters
	Line     Kind = "line"     // one line or nothing, at most Max characters
	Link     Kind = "link"     // an https address or nothing
	Tariffs  Kind = "tariffs"  // currencies with two amounts each or nothing, at most Max characters
)

// Group is the heading a policy stands under.
type Group string

// Groups, in the order pages show them.
const (
	Salon      Group = "salon"
	Assistant  Group = "assistant"
	Offering   Group = "offering"
	Deposits   Group = "deposits"
	Cancelling Group = "cancelling"
	Refunding  Group = "refunding"
	Team       Group = "team"
	Shop       Group = "shop"
)

// Groups lists the headings in the order pages show them.
func Groups() []Group {
	return []Group{Salon, Assistant, Offering, Deposits, Cancelling, Refunding, Team, Shop}
}

// Reach is what an edit changes and what it leaves alone.
type Reach string

// Reaches.
const (
	NewBookings Reach = "new_bookings" // the agreed terms of existing visits stay
	NextSearch  Reach = "next_search"  // the times offered from now on
	NextMessage Reach = "next_message" // what is said from now on, in running conversations too
	Running     Reach = "running"      // holds and cases that are open now, too
	OpenCarts   Reach = "open_carts"   // carts that are not ordered yet; orders keep what they were charged
	NewOrders   Reach = "new_orders"   // orders that are begun, or reckoned anew, from now on
	AllPages    Reach = "all_pages"    // everything, at once
)

// Policy describes one key: what its value may be and what an edit reaches. Its name and meaning are
// the texts policies.key.<key> and policies.meaning.<key>.
type Policy struct {
	Key      string
	Group    Group
	Kind     Kind
	Unit     string // of a Number or Step: the text policies.unit.<unit>
	Min, Max int
	Choices  []int
	Reach    Reach
	// Grave: a slip costs money or visits, so that whoever changes it says so in a typed phrase.
	Grave bool
}

// All lists the policies in the order pages show them.
func All() []Policy {
	return []Policy{
		{Key: "salon.name", Group: Salon, Kind: Wording, Max: 60, Reach: AllPages},
		{Key: "salon.timezone", Group: Salon, Kind: Zone, Reach: AllPages, Grave: true},
		{Key: "salon.currency", Group: Salon, Kind: Currency, Reach: NewBookings, Grave: true},
		{Key: "privacy.url", Group: Salon, Kind: Link, Max: 500, Reach: NextMessage},
		{Key: "privacy.version", Group: Salon, Kind: Line, Max: 40, Reach: AllPages, Grave: true},

		{Key: "assistant.name", Group: Assistant, Kind: Wording, Max: 60, Reach: NextMessage},
		{Key: "assistant.emoji", Group: Assistant, Kind: Line, Max: 8, Reach: NextMessage},
		{Key: "text.arabic_digits", Group: Assistant, Kind: Switch, Reach: NextMessage},
		{Key: "name.max_attempts", Group: Assistant, Kind: Number, Unit: "attempts", Min: 1, Max: 5, Reach: NextMessage},
		{Key: "clarify.max", Group: Assistant, Kind: Number, Unit: "messages", Min: 1, Max: 10, Reach: NextMessage},
		{Key: "indecision.confidence", Group: Assistant, Kind: Number, Unit: "percent", Min: 1, Max: 100, Reach: NextMessage},
		{Key: "sender.rate_per_min", Group: Assistant, Kind: Number, Unit: "messages", Min: 1, Max: 1000, Reach: NextMessage},
		{Key: "model.below_percent", Group: Assistant, Kind: Number, Unit: "percent", Min: 0, Max: 100, Reach: NextMessage},
		{Key: "memory.messages", Group: Assistant, Kind: Number, Unit: "messages", Min: 1, Max: 50, Reach: NextMessage},
		{Key: "memory.exchanges", Group: Assistant, Kind: Number, Unit: "exchanges", Min: 1, Max: 50, Reach: NextMessage},
		{Key: "memory.live_hours", Group: Assistant, Kind: Number, Unit: "hours", Min: 1, Max: 168, Reach: NextMessage},
		{Key: "memory.archive_hours", Group: Assistant, Kind: Number, Unit: "hours", Min: 1, Max: 168, Reach: NextMessage},

		{Key: "same_day.lead_min", Group: Offering, Kind: Number, Unit: "minutes", Min: 0, Max: 1440, Reach: NextSearch},
		{Key: "slots.offer", Group: Offering, Kind: Number, Unit: "times", Min: 1, Max: 9, Reach: NextSearch},
		{Key: "slots.offer_max", Group: Offering, Kind: Number, Unit: "times", Min: 1, Max: 9, Reach: NextSearch},
		{Key: "slots.grid_min", Group: Offering, Kind: Step, Unit: "minutes", Choices: []int{5, 10, 15, 20, 30, 60}, Reach: NextSearch},
		{Key: "pack.max_extra_percent", Group: Offering, Kind: Number, Unit: "percent", Min: 0, Max: 200, Reach: NextMessage},

		{Key: "deposit.enabled", Group: Deposits, Kind: Switch, Reach: NewBookings, Grave: true},
		{Key: "deposit.percent", Group: Deposits, Kind: Number, Unit: "percent", Min: 1, Max: 100, Reach: NewBookings},
		{Key: "hold.minutes", Group: Deposits, Kind: Number, Unit: "minutes", Min: 5, Max: 1440, Reach: NewBookings},
		{Key: "hold.minutes_same_day", Group: Deposits, Kind: Number, Unit: "minutes", Min: 5, Max: 240, Reach: NewBookings},
		{Key: "hold.warn_before_min", Group: Deposits, Kind: Number, Unit: "minutes", Min: 1, Max: 120, Reach: NewBookings},
		{Key: "hold.retry_extension_min", Group: Deposits, Kind: Number, Unit: "minutes", Min: 0, Max: 120, Reach: Running},
		{Key: "payment.max_attempts", Group: Deposits, Kind: Number, Unit: "attempts", Min: 1, Max: 5, Reach: Running},
		{Key: "payment.keep_until_expiry", Group: Deposits, Kind: Switch, Reach: Running},

		{Key: "cancel.refund_hours", Group: Cancelling, Kind: Number, Unit: "hours", Min: 0, Max: 336, Reach: NewBookings},
		{Key: "cancel.staff_only_hours", Group: Cancelling, Kind: Number, Unit: "hours", Min: 0, Max: 336, Reach: NewBookings},
		{Key: "cancel.late_moves", Group: Cancelling, Kind: Number, Unit: "changes", Min: 0, Max: 20, Reach: Running},

		{Key: "refund.alone_minor", Group: Refunding, Kind: Number, Unit: "hundredths", Min: 0, Max: maxFreeFrom, Reach: Running, Grave: true},
		{Key: "refund.ask_minor", Group: Refunding, Kind: Number, Unit: "hundredths", Min: 0, Max: maxFreeFrom, Reach: Running, Grave: true},
		{Key: "refund.machine_minor", Group: Refunding, Kind: Number, Unit: "hundredths", Min: 0, Max: maxFreeFrom, Reach: Running, Grave: true},
		{Key: "refund.approve_hours", Group: Refunding, Kind: Number, Unit: "hours", Min: 1, Max: 336, Reach: Running},

		{Key: "reminder.hours", Group: Team, Kind: Number, Unit: "hours", Min: 25, Max: 336, Reach: Running},
		{Key: "delay.staff_minutes", Group: Team, Kind: Number, Unit: "minutes", Min: 0, Max: 240, Reach: NextMessage},
		{Key: "delay.late_minutes", Group: Team, Kind: Number, Unit: "minutes", Min: 0, Max: 240, Reach: NextMessage},

		{Key: "human_mode.ttl_hours", Group: Team, Kind: Number, Unit: "hours", Min: 1, Max: 168, Reach: Running},
		{Key: "case.answer_min", Group: Team, Kind: Number, Unit: "minutes", Min: 5, Max: 1440, Reach: Running},
		{Key: "case.urgent_answer_min", Group: Team, Kind: Number, Unit: "minutes", Min: 5, Max: 1440, Reach: Running},
		{Key: "urgent.notify_seconds", Group: Team, Kind: Number, Unit: "seconds", Min: 30, Max: 3600, Reach: Running},
		{Key: "notify.whatsapp", Group: Team, Kind: Switch, Reach: Running},
		{Key: "notify.mail", Group: Team, Kind: Switch, Reach: Running},
		{Key: "notify.sms", Group: Team, Kind: Switch, Reach: Running},
		{Key: "notify.log", Group: Team, Kind: Switch, Reach: Running},

		{Key: "shop.shipping_flat_minor", Group: Shop, Kind: Number, Unit: "hundredths", Min: 0, Max: maxFlat, Reach: OpenCarts},
		{Key: "shop.shipping_free_from_minor", Group: Shop, Kind: Number, Unit: "hundredths", Min: 0, Max: maxFreeFrom, Reach: OpenCarts},
		{Key: "shop.shipping_by_currency", Group: Shop, Kind: Tariffs, Max: 400, Reach: OpenCarts},
		{Key: "shop.cod", Group: Shop, Kind: Switch, Reach: NewOrders},
		{Key: "shop.reserve_card_min", Group: Shop, Kind: Number, Unit: "minutes", Min: 10, Max: 1380, Reach: NewOrders},
		{Key: "shop.reserve_cod_hours", Group: Shop, Kind: Number, Unit: "hours", Min: 1, Max: 336, Reach: NewOrders},
	}
}

// Find is the policy of a key; ok is false when there is none.
func Find(key string) (Policy, bool) {
	all := All()
	i := slices.IndexFunc(all, func(p Policy) bool { return p.Key == key })
	if i < 0 {
		return Policy{}, false
	}
	return all[i], true
}
