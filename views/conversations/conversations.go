// Package conversations draws the inbox: the list, one thread, and what is known about the person.
// People's words keep their own direction; what is sent by itself says so.
package conversations

import (
	"context"
	"time"

	"frontdesk/internal/i18n"
	"frontdesk/models"
	"frontdesk/views/diary"
	"frontdesk/views/ui"
)

// Page is the inbox, with one conversation open or none.
type Page struct {
	Filters  []ui.Chip
	Rows     []Row
	Open     *Thread
	OlderURL string // the next page of the list
	BackURL  string // the list alone, for phones
	ClearURL string
	Filtered bool
	Search   Search
	Pane     string // on a phone: "context" shows what is known about the person, else the messages
}

// Search finds people by name or number. It posts, because neither has a place in an address.
type Search struct {
	Action string // empty: the reader may not search
	CSRF   string
	Words  string // what was searched for
	Phones bool   // numbers may be searched for, too
}

// Row is one line of the list.
type Row struct {
	ID       string
	URL      string
	Name     string // the customer's, else what the channel reported, else empty
	Phone    string // masked unless the reader may see it
	Language models.Language
	Last     *models.Message
	At       time.Time // of the last message, in the salon's zone
	Today    bool
	Waiting  *time.Duration // since the customer's unanswered message
	Human    bool
	Holder   string // the name of who has it; empty: nobody in particular
	Mine     bool
	OpenCase bool
	Current  bool
}

// Thread is an open conversation.
type Thread struct {
	Row
	URL      string // of the conversation, without a filter; its acts stand below
	Keep     Keeper
	Days     []Day
	OlderURL string
	Context  Context
	Composer *Composer // nil: the reader may not write
	CSRF     string
}

// Keeper is who has a conversation.
type Keeper struct {
	Who     Who
	Name    string    // of a colleague
	StaffID string    // of whoever has it; empty for the assistant
	Until   time.Time // in the salon's zone
	CaseURL string    // where the case is resolved that waits for its word; empty: there is none
	MayAct  bool
}

// Who has a conversation.
type Who string

// The assistant; nobody yet, while somebody is needed; the reader; a colleague.
const (
	Assistant Who = "assistant"
	Nobody    Who = "nobody"
	Reader    Who = "reader"
	Colleague Who = "colleague"
)

// Composer is where a person writes to the customer.
type Composer struct {
	Form     ui.Form // fields text, key, over
	Keep     Keeper
	URL      string // of the conversation
	Language models.Language
	Open     bool      // free text is allowed
	Ends     time.Time // of the window, in the salon's zone; zero when the customer never wrote
	Left     string    // until then, in words
	Answers  []Answer
}

// Answer is a saved reply in the customer's language.
type Answer struct {
	Title string
	Text  string
	URL   string // the page with this answer in the field
}

// Day is what happened on one day, in order.
type Day struct {
	Label string
	Lines []Line
}

// Line is one of a message, a private note and an event.
type Line struct {
	Bubble *Bubble
	Note   *Note
	Event  *Event
}

// Note is what a colleague left for the others.
type Note struct {
	ID   string
	Body string
	By   string
	At   time.Time
}

// Event is something that happened to the conversation.
type Event struct {
	ID   string
	Kind models.ConversationEventKind
	Text string
	At   time.Time
}

// Bubble is a message as the customer's phone shows it, with what the salon should know about it.
type Bubble struct {
	models.Message
	At       time.Time // in the salon's zone
	Staff    string    // who wrote it
	Failure  string    // why it did not arrive, in words
	Remedy   string    // what to do about it, in words
	RetryURL string    // where it may be sent again; empty: it may not
	Window   string    // where a template is written instead; empty: not the remedy
}

// Context is what is known about the person.
type Context struct {
	ProfileName string // as the channel reported it
	Phone       string // masked unless the reader may see it
	Customer    *models.Customer
	Preferred   string // the stylist they like
	Currency    string
	Visits      []Visit
	Cases       []Case
	Before      []string // what was said earlier, in a few lines
	Notes       []Note
	NoteURL     string // where a note is written; empty: the reader may not
}

// Visit is an appointment with its money and its history.
type Visit struct {
	diary.Card
	TotalMinor int64
	Currency   string
	Payments   []diary.Payment
	History    []diary.Event
}

// Case is a hand-off.
type Case struct {
	models.Case
	Opened     time.Time // in the salon's zone
	Resolved   *time.Time
	Suggestion string // in words
	Pace       Pace
	By         string // who resolved it
	ResolveURL string // empty: it is resolved, or the reader may not
	ReopenURL  string // empty: it is open, or the reader may not
}

// Pace is how the answer to a case stands, in words and colour.
type Pace struct {
	Tone ui.Tone
	Word string
}

func (r Row) title(ctx context.Context) string {
	switch {
	case r.Name != "":
		return r.Name
	case r.Phone != "":
		return r.Phone
	default:
		return i18n.T(ctx, "console.conversations.unknown")
	}
}

// Preview is a message in one line.
func Preview(ctx context.Context, m *models.Message) string {
	if m == nil {
		return ""
	}
	c := m.Content
	switch {
	case c.ReplyTitle != "":
		return c.ReplyTitle
	case c.Text != "":
		return c.Text
	case c.Kind == models.KindMedia || c.Kind == models.KindImage:
		return ui.Word(ctx, "console.media", c.MediaType)
	default:
		return ui.Word(ctx, "console.kind", string(c.Kind))
	}
}

func (b Bubble) classes() string {
	out := "bubble"
	if b.Direction == models.Out {
		out += " out"
	}
	switch b.Class {
	case models.ClassStaff:
		out += " staff"
	case models.ClassHandoff:
		out += " handoff"
	}
	switch b.Status {
	case models.Failed:
		out += " is-failed"
	case models.Suppressed:
		out += " is-suppressed"
	}
	return out
}

// label says what kind of message it is, where the words alone do not.
func (b Bubble) label(ctx context.Context) (icon, text string) {
	switch {
	case b.Class == models.ClassStaff && b.Staff != "":
		return "user", b.Staff
	case b.Class == models.ClassStaff && b.Elsewhere():
		return "user", i18n.T(ctx, "conversations.elsewhere")
	case b.Class == models.ClassStaff:
		return "user", i18n.T(ctx, "console.class.staff")
	case b.Class == models.ClassReceipt:
		return "bot", i18n.T(ctx, "console.class.receipt")
	case b.Class == models.ClassHandoff:
		return "hand", i18n.T(ctx, "console.class.handoff")
	case b.Content.Kind == models.KindTemplate:
		return "bot", i18n.T(ctx, "console.class.template")
	case b.Direction == models.In && (b.Content.ReplyID != "" || b.Content.ReplyTitle != ""):
		return "check", i18n.T(ctx, "console.class.tapped")
	default:
		return "", ""
	}
}

// tick is the delivery sign of an outbound message.
func (b Bubble) tick() (icon, class string) {
	switch b.Status {
	case models.Queued, models.Sending:
		return "clock", ""
	case models.Sent:
		return "check", ""
	case models.Delivered:
		return "check-check", ""
	case models.Read:
		return "check-check", "is-read"
	case models.Failed:
		return "circle-alert", ""
	default:
		return "ban", ""
	}
}

// Waited is how long somebody has waited: "4 min", "2 h", "3 days".
func Waited(ctx context.Context, d time.Duration) string {
	switch {
	case d < time.Minute:
		return i18n.T(ctx, "console.wait.now")
	case d < time.Hour:
		return i18n.N(ctx, "console.minutes", int(d.Minutes()))
	case d < 48*time.Hour:
		return i18n.N(ctx, "console.hours", int(d.Hours()))
	default:
		return i18n.N(ctx, "console.days", int(d.Hours())/24)
	}
}

func (r Row) tint() string {
	if len(r.ID) == 0 {
		return ui.Tint(0)
	}
	return ui.Tint(int(r.ID[len(r.ID)-1]))
}

// eventIcon shows what happened.
func eventIcon(k models.ConversationEventKind) string {
	switch k {
	case models.ConversationTakenOver, models.ConversationAnsweredElsewhere:
		return "hand"
	case models.ConversationHandedBack, models.ConversationExpired, models.ConversationGivenBackElsewhere:
		return "bot"
	case models.ConversationCaseOpened, models.ConversationCaseReopened:
		return "life-buoy"
	default:
		return "circle-check"
	}
}

// key changes with every new message, so that a line that moved up is seen to be new.
func (r Row) key() string {
	if r.Last == nil {
		return r.ID
	}
	return r.Last.ID.String()
}

// when is short where it is fresh: the time today, else the day.
func (r Row) when(ctx context.Context) string {
	if r.Today {
		return i18n.Clock(r.At)
	}
	return i18n.DayShort(i18n.From(ctx).Language, r.At)
}

func outIcon(m *models.Message) string {
	icon, _ := Bubble{Message: *m}.tick()
	return icon
}
