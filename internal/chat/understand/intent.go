package understand

import "slices"

// Intent is one thing a message asks for or says.
type Intent string

// Intents. A message may carry several.
const (
	Book           Intent = "book"
	Yes            Intent = "yes"
	No             Intent = "no"
	Greeting       Intent = "greeting"
	Thanks         Intent = "thanks"
	Goodbye        Intent = "goodbye"
	Person         Intent = "person" // wants to talk to a human
	Cancel         Intent = "cancel"
	Move           Intent = "move"
	Delay          Intent = "delay"
	Price          Intent = "price"
	Duration       Intent = "duration" // "how long does it take?"
	AskFAQ         Intent = "faq"
	Complaint      Intent = "complaint"
	Health         Intent = "health"
	PaymentProblem Intent = "payment_problem" // "the link fails"
	PaidClaim      Intent = "paid_claim"      // "I have paid"
	SendLink       Intent = "send_link"       // "send me the link again"
	SwitchLanguage Intent = "language_switch" // "English please": Meaning.Language is the wanted one
	Stop           Intent = "stop"
	Start          Intent = "start"
	Usual          Intent = "usual"
	ThirdParty     Intent = "third_party" // for someone else
	Group          Intent = "group"       // for several people at once
	Correction     Intent = "correction"  // "no, I meant Saturday": the values replace earlier ones
	Undecided      Intent = "undecided"   // "not sure, what do you suggest?"
	ListServices   Intent = "list_services"
	MyBooking      Intent = "my_booking"      // "when is my appointment?"
	ConfirmVisit   Intent = "confirm_visit"   // "I'll be there"
	NameCorrection Intent = "name_correction" // "my name is actually …": Meaning.Name, once said
	OrderStatus    Intent = "order_status"    // "where is my order?"
	Return         Intent = "return"          // wants to send a product back
	Browse         Intent = "browse"          // looks for a product to buy
	ProductDetails Intent = "product_details" // price, size, ingredients or use of a product
	Cart           Intent = "cart"            // add to, take from, change or show the basket
	Checkout       Intent = "checkout"        // wants to pay for the basket

	// Answer, SmallTalk and Unclear are never in Intents. The first two are what Meaning.Main is of a message that only answers
	// our question, or only chats.
	Answer    Intent = "answer"
	SmallTalk Intent = "social"
	Unclear   Intent = "unclear"

	// Unsure ("don't know", "not sure") and Decided ("I know what I want") are never in a Meaning: they only
	// tell how sure Undecided is.
	Unsure  Intent = "unsure"
	Decided Intent = "decided"

	// Nothing is never in a Meaning: in a table of wordings it blocks a shorter wording.
	Nothing Intent = ""
)

// allIntents is the order of a set.
var allIntents = []Intent{
	Book, Yes, No, Greeting, Thanks, Goodbye, Person, Cancel, Move, Delay, Price, Duration, AskFAQ, Complaint, Health,
	PaymentProblem, PaidClaim, SendLink, SwitchLanguage, Stop, Start, Usual, ThirdParty, Group, Correction, Undecided,
	ListServices, MyBooking, ConfirmVisit, NameCorrection, OrderStatus, Return, Browse, ProductDetails, Cart, Checkout,
}

// Intents is a set, in the order of the constants.
type Intents []Intent

// Has tells whether the set holds at least one of the intents.
func (s Intents) Has(any ...Intent) bool {
	return slices.ContainsFunc(any, func(i Intent) bool { return slices.Contains(s, i) })
}

// Only tells whether the set holds nothing besides the intents named; the empty set does not.
func (s Intents) Only(these ...Intent) bool {
	return len(s) > 0 && !slices.ContainsFunc(s, func(i Intent) bool { return !slices.Contains(these, i) })
}
