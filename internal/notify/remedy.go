package notify

import (
	"frontdesk/internal/content"
	"frontdesk/models"
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

// RemedyOf is the next action for the code of a failed message: Meta's number, or one of ours. Codes
// that nobody knows may be tried again.
func RemedyOf(code string) Remedy {
	switch code {
	case CodeWindow, "131047":
		return RemedyTemplate
	case "131026", "131021", "131030", "131049", "131050", "130472", "130403":
		return RemedyCall
	case CodeUnfit, "100", "131008", "131009", "131051", "131052", "131053", "132000", "132005", "132012", "132018":
		return RemedyEdit
	case CodeChannel, "132001", "132007", "132015", "132016", "368", "131005", "131031", "131037", "131042", "131045", "133010", "190":
		return RemedyRepair
	default:
		return RemedyRetry
	}
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
