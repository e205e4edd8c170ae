package handlers

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/checkout"
	"frontdesk/internal/i18n"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/orders"
	"frontdesk/views/refunds"
	"frontdesk/views/ui"
)

const refundsPath = "/console/refunds"

// refundRoutes are the money that goes back (R-1109). To ask is a right of its own: above a limit somebody else decides.
// Whatever moves money asks who is there.
func (s *Server) refundRoutes() []Route {
	read, ask, act := can(staff.Refunds, staff.ToRead), can(staff.Refunds, staff.ToRequest).fresh(), can(staff.Refunds, staff.ToAct).fresh()
	list := []Route{
		{get, refundsPath, read, s.listRefunds, "Money that goes back, and where it stands"},
		{get, refundsPath + "/new", ask, s.askRefund, "Gives money of a visit or an order back, or asks for it: the form"},
		{post, refundsPath + "/new", ask, s.askRefund, "Gives money of a visit or an order back, or asks for it"},
		{get, refundsPath + "/:id", read, s.showRefund, "One refund with everything that happened to it"},
	}
	for _, a := range refundActs() {
		may := act
		if a.asker {
			may = ask
		}
		list = append(list,
			Route{get, refundsPath + "/:id/" + a.name, may, s.actOnRefund(a), a.doc + ": the form"},
			Route{post, refundsPath + "/:id/" + a.name, may, s.actOnRefund(a), a.doc},
		)
	}
	return list
}

func refundsScreen() screen {
	return screen{title: "console.room.refunds", room: staff.Refunds, live: []string{redisstore.TopicRefunds}, fresh: "refunds.updated"}
}

// amountBands are the amounts a list can be narrowed to, in minor units, half open.
func amountBands() map[string][2]int64 {
	return map[string][2]int64{"small": {0, 1000}, "middle": {1000, 5000}, "large": {5000, 20000}, "huge": {20000, 0}}
}

// refundWords are all reasons a refund may have.
func refundWords() []string {
	out := []string{"return", "order_canceled", "visit_cancelled", "no_show_waived", "late_payment", "duplicate_payment", "amount_mismatch", "not_needed", "at_provider"}
	for _, r := range models.RefundReasons() {
		out = append(out, string(r))
	}
	return out
}

// listRefunds is the list, newest first, with what it adds up to.
func (s *Server) listRefunds(c *fiber.Ctx) error {
	ctx := c.UserContext()
	methods := []models.RefundMethod{models.RefundByCard, models.RefundByTransfer, models.RefundByCash}
	spec := tableSpec{
		ID: "refunds", Path: refundsPath, Caption: "console.room.refunds", Sort: "-asked", Keep: []string{"of"},
		Columns: []tableColumn{
			{Key: "asked", Label: "refunds.column.asked"}, {Key: "of", Label: "refunds.column.of"}, {Key: "customer", Label: "refunds.column.customer"},
			{Key: "amount", Label: "refunds.column.amount", End: true}, {Key: "reason", Label: "refunds.column.reason"}, {Key: "method", Label: "refunds.column.method"},
			{Key: "state", Label: "refunds.column.state"}, {Key: "by", Label: "refunds.column.by", Optional: true},
			{Key: "changed", Label: "refunds.column.changed", Optional: true, Hidden: true}, {Key: "id", Label: "refunds.column.id", Optional: true, Hidden: true},
		},
		Filters: []tableFilter{
			{Key: "state", Label: "refunds.column.state", Kind: ui.FilterChips, Options: namedOptions(ctx, "refunds.state", models.RefundStates()...)},
			{Key: "kind", Label: "refunds.column.of", Kind: ui.FilterSelect, Options: namedOptions(ctx, "refunds.kind", "visit", "order")},
			{Key: "method", Label: "refunds.column.method", Kind: ui.FilterSelect, Options: namedOptions(ctx, "refunds.method", methods...)},
			{Key: "reason", Label: "refunds.column.reason", Kind: ui.FilterSelect, Options: namedOptions(ctx, "refunds.reason", refundWords()...)},
			{Key: "amount", Label: "refunds.column.amount", Kind: ui.FilterSelect, Options: namedOptions(ctx, "refunds.band", "small", "middle", "large", "huge")},
			{Key: "asked", Label: "refunds.column.asked", Kind: ui.FilterDays},
			{Key: "q", Label: "refunds.search", Kind: ui.FilterSearch},
		},
		Empty:   ui.EmptyList{Icon: "credit-card", Title: i18n.T(ctx, "refunds.none"), Text: i18n.T(ctx, "refunds.none_text"), URL: ordersPath, Label: i18n.T(ctx, "returns.to_orders")},
		NoMatch: ui.EmptyList{Icon: "search", Title: i18n.T(ctx, "refunds.no_match"), Text: i18n.T(ctx, "refunds.no_match_text")},
	}
	q, err := s.askTable(c, spec)
	if err != nil {
		return err
	}
	sums, err := s.Till.SumRefunds(ctx, refundFilter(q))
	if err != nil {
		return err
	}
	return s.table(c, refundsScreen(), spec, s.refundRows, func(t ui.Table) templ.Component {
		return refunds.List(refunds.Page{Title: i18n.T(ctx, "console.room.refunds"), Lead: i18n.T(ctx, "refunds.lead"), Sums: refundSums(ctx, sums), Table: t})
	})
}

func refundFilter(q tableQuery) checkout.RefundFilter {
	f := checkout.RefundFilter{
		State: models.RefundState(q.Value("state")), Method: models.RefundMethod(q.Value("method")), Reason: q.Value("reason"), Kind: q.Value("kind"), Text: q.Value("q"),
	}
	if band, given := amountBands()[q.Value("amount")]; given {
		f.Least, f.Most = band[0], band[1]
	}
	f.From, f.To = q.Days("asked")
	_ = f.Of.UnmarshalText([]byte(q.kept["of"])) // what is no id narrows nothing
	return f
}

// refundSums are what the list adds up to, by state, in each currency.
func refundSums(ctx context.Context, sums []checkout.RefundSum) []orders.Fact {
	var out []orders.Fact
	for _, state := range models.RefundStates() {
		var amounts []string
		for _, sum := range sums {
			if sum.State == state {
				amounts = append(amounts, ui.Money(ctx, sum.Minor, sum.Currency))
			}
		}
		if len(amounts) > 0 {
			out = append(out, orders.Fact{Label: i18n.T(ctx, "refunds.state."+string(state)), Value: strings.Join(amounts, " · ")})
		}
	}
	return out
}

func (s *Server) refundRows(ctx context.Context, q tableQuery) (tablePage, error) {
	f := refundFilter(q)
	f.Limit = q.Limit + 1
	f.After, f.AfterID = caseCursor(q.After)
	list, err := s.Till.ListRefunds(ctx, f)
	if err != nil {
		return tablePage{}, err
	}
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return tablePage{}, err
	}
	page := tablePage{More: len(list) > q.Limit}
	list = list[:min(len(list), q.Limit)]
	var people []models.ID
	var actors []string
	for _, r := range list {
		if actors = append(actors, r.AskedBy); r.CustomerID != nil {
			people = append(people, *r.CustomerID)
		}
	}
	names, err := s.People.Names(ctx, people)
	if err != nil {
		return tablePage{}, err
	}
	who, err := s.actorNames(ctx, actors)
	if err != nil {
		return tablePage{}, err
	}
	for _, r := range list {
		customer := i18n.T(ctx, "ordersroom.guest")
		if r.CustomerID != nil && names[*r.CustomerID] != "" {
			customer = names[*r.CustomerID]
		}
		page.Rows = append(page.Rows, refundRow(ctx, r, customer, who(r.AskedBy), policies.Zone()))
	}
	return page, nil
}

func refundRow(ctx context.Context, r checkout.RefundRow, customer, by string, zone *time.Location) tableRow {
	state, asked := refundBadge(ctx, r.State), r.CreatedAt.In(zone)
	label := refundOf(ctx, r)
	return tableRow{Cursor: []string{r.CreatedAt.UTC().Format(time.RFC3339Nano), r.ID.String()}, Row: ui.Row{
		ID: r.ID.String(), URL: refundURL(r.ID, ""), Label: ui.Money(ctx, r.AmountMinor, r.Currency), Cells: []ui.Cell{
			{Text: ui.Moment(ctx, asked), View: ui.Time(asked, ui.Moment(ctx, asked))}, {Text: label}, {Text: customer},
			{Text: ui.Money(ctx, r.AmountMinor, r.Currency), Code: true}, {Text: i18n.T(ctx, "refunds.reason."+r.Reason)},
			{Text: i18n.T(ctx, "refunds.method."+string(r.Method))}, {Text: state.Word, View: orders.State(state)}, {Text: by},
			{Text: ui.Moment(ctx, r.UpdatedAt.In(zone))}, {Text: r.ID.String(), Code: true},
		},
	}}
}

// refundOf names what a refund is of.
func refundOf(ctx context.Context, r checkout.RefundRow) string {
	if r.SaleID != nil {
		return i18n.T(ctx, "refunds.of.order", "Number", r.Number)
	}
	return i18n.T(ctx, "refunds.of.visit")
}

func refundURL(id models.ID, act string) string {
	return strings.TrimSuffix(refundsPath+"/"+id.String()+"/"+act, "/")
}

// refundBadge is a refund's state in a word and its tone.
func refundBadge(ctx context.Context, state models.RefundState) orders.Badge {
	tone := ui.Neutral
	switch {
	case state == models.RefundAsked:
		tone = ui.Attention
	case state == models.RefundPending:
		tone = ui.Info
	case state == models.RefundSucceeded:
		tone = ui.Good
	case slices.Contains([]models.RefundState{models.RefundFailed, models.RefundExpired}, state):
		tone = ui.Danger
	}
	return orders.Badge{Tone: tone, Word: i18n.T(ctx, "refunds.state."+string(state))}
}

// refundPage is a refund's page for a role that may read it.
func (s *Server) refundPage(role models.Role, id models.ID) string {
	if _, may := s.Staff.Can(role, staff.Refunds, staff.ToRead); !may {
		return ""
	}
	return refundURL(id, "")
}
