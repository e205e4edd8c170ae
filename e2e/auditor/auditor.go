// Package auditor compares what the product has written down with what those keep whom it deals with: the customers'
// phones, the payment provider, the stylists' calendars, and whoever was told that an order or a refund stands. It asks
// whether anything was lost, done twice or charged for nothing, and whether anything still waits. It is for a program at
// rest: what is under way is neither done nor lost.
package auditor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"frontdesk/internal/testkit"
)

// Rule is what must hold.
type Rule string

// The rules.
const (
	NoMessageLost    Rule = "no message of a customer is lost"
	EachAnswered     Rule = "each message of a customer is answered"
	EachSentOnce     Rule = "each message reaches its phone once"
	InOrder          Rule = "messages reach a phone in their order"
	NothingUnsent    Rule = "no message waits to be sent"
	EventsHeard      Rule = "each event of the payment provider is known and dealt with"
	MoneyKnown       Rule = "money that came in is in the books"
	MoneyReal        Rule = "money in the books has come in"
	ChargedForOne    Rule = "nobody is charged without a visit, an order or a refund"
	ChargedOnce      Rule = "nobody pays twice for one thing"
	RefundsKnown     Rule = "money that went back is in the books"
	RefundsReal      Rule = "refunds in the books have gone back"
	RefundedOnce     Rule = "a refund is paid out once"
	RefundsWithin    Rule = "no more goes back than came in"
	TwoPersons       Rule = "what needs a second person had one"
	RefundsSettled   Rule = "no refund is stuck on its way"
	PromisesKept     Rule = "what was acknowledged stands"
	OrderedOnce      Rule = "one cart is one order"
	InCalendar       Rule = "the stylists' calendars show the visits that stand"
	QueuesDrained    Rule = "all queues are drained"
	NoneDead         Rule = "no job is given up"
	NoticesDelivered Rule = "no notice waits"
	BooksAddUp       Rule = "the books add up"
)

// Violation is a rule that does not hold, and of what.
type Violation struct {
	Rule  Rule
	About string // whom or what to look at
	Says  string // what is wrong with it, in a sentence
}

func (v Violation) String() string { return fmt.Sprintf("%s: %s: %s", v.Rule, v.About, v.Says) }

// Report is a list of violations to read, one a line.
func Report(found []Violation) string {
	var lines []string
	for _, v := range found {
		lines = append(lines, v.String())
	}
	return strings.Join(lines, "\n")
}

// Audit holds a database at rest against what the others keep. now is business time.
func Audit(ctx context.Context, db testkit.Asker, theirs Theirs, now time.Time) ([]Violation, error) {
	wrong, err := testkit.Books(ctx, db, now, true)
	if err != nil {
		return nil, err
	}
	ours, err := readOurs(ctx, db)
	if err != nil {
		return nil, err
	}
	a := &audit{ours: ours, theirs: theirs, now: now}
	for _, w := range wrong {
		a.add(BooksAddUp, "the database", "%s", w)
	}
	a.phones()
	a.payments()
	a.refunds()
	a.promises()
	a.calendars()
	a.queues()
	slices.SortStableFunc(a.found, func(v, w Violation) int { return strings.Compare(string(v.Rule)+v.About, string(w.Rule)+w.About) })
	return a.found, nil
}

// audit is one comparison under way.
type audit struct {
	ours   ours
	theirs Theirs
	now    time.Time
	found  []Violation
}

func (a *audit) add(rule Rule, about, says string, args ...any) {
	a.found = append(a.found, Violation{rule, about, fmt.Sprintf(says, args...)})
}

// money writes minor units for a person.
func money(minor int64) string { return fmt.Sprintf("%d.%02d", minor/100, minor%100) }
