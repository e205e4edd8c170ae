package notify

import (
	"frontdesk/internal/content"
	"frontdesk/models"
)

// Action is what the product itself does about a message that WhatsApp refused: a closed list.
type Action string

// Actions.
const (
	ActFail     Action = "fail"     // never again as it is
	ActWait     Action = "wait"     // again later, at a slower pace
	ActTemplate Action = "template" // again as the template it carries
	ActStop     Action = "stop"     // nothing goes to this number until its owner writes, for a day at most
	ActAlert    Action = "alert"    // the salon's account or template is what is wrong: the people on duty are told
	ActDrop     Action = "drop"     // Meta holds advertising back from this person: it is not repeated
)

// Remedy is what a person does about a message that did not arrive: a closed list.
type Remedy string

// Remedies.
const (
	RemedyTemplate Remedy = "template" // write by template: the window is closed
	RemedyRetry    Remedy = "retry"    // say it again, now or later
	RemedyCall     Remedy = "call"     // reach the person another way
	RemedyEdit     Remedy = "edit"     // write it differently
	RemedyRepair   Remedy = "repair"   // the account or the template is what is wrong; tell an administrator
)

// ruling is what a code means, for us and for a person: Meta's number (W7 to W10: the code decides, never
// the title), or one of ours. Codes that nobody knows may be tried again by hand.
func ruling(code string) (Action, Remedy) {
	switch code {
	case "131047":
		return ActTemplate, RemedyTemplate
	case CodeWindow:
		return ActFail, RemedyTemplate
	case "4", "80007", "130429", // throughput of the app, the account, the number
		"131056",                                         // too many to this one person
		"131048",                                         // held back as spam for a while
		"131000", "131016", "131057", "1", "2", "133004": // their trouble, which passes
		return ActWait, RemedyRetry
	case "131026", "131030", "131021": // nothing arrives there: no WhatsApp, old, blocked, not allowed, ourselves
		return ActStop, RemedyCall
	case CodeStopped, "130403":
		return ActFail, RemedyCall
	case "131049", "131050", "130472": // held back for the person's sake, at their word, or for an experiment
		return ActDrop, RemedyCall
	case CodeUnfit, "100", "131008", "131009", "131051", "131052", "131053", "132000", "132005", "132012", "132018":
		return ActFail, RemedyEdit
	case "0", "3", "10", "102", "190", "200", "299", "368", "131005", "131031", "131037", "131042", "131045", "133010", // token, right, account, bill, number
		"132001", "132007", "132015", "132016": // template missing, against the rules, paused, disabled
		return ActAlert, RemedyRepair
	case CodeChannel:
		return ActFail, RemedyRepair
	default:
		return ActFail, RemedyRetry
	}
}

// ActionOf is what the product does by itself about a code.
func ActionOf(code string) Action {
	action, _ := ruling(code)
	return action
}

// RemedyOf is the next action of a person for the code of a failed message.
func RemedyOf(code string) Remedy {
	_, remedy := ruling(code)
	return remedy
}

// Repeatable tells whether a message did not arrive and may be said again as it is.
func Repeatable(m models.Message) bool {
	if m.Status != models.Failed || m.Class == models.ClassReply || m.Class == models.ClassNotice {
		return false
	}
	switch RemedyOf(m.ErrorCode) {
	case RemedyRetry, RemedyCall, RemedyRepair:
		return true
	default:
		return false
	}
}

// byHand are the templates a person may send to a customer. They ask only for what a person knows.
func byHand() []string {
	return []string{
		content.HumanHandoff, content.Moved, content.Cancelled, content.PaymentRefunded, content.OrderStatus, content.StartReturn,
	}
}
