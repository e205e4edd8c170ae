package handlers

import (
	"context"
	"strconv"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/checkout"
	"frontdesk/internal/i18n"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/orders"
	"frontdesk/views/ui"
)

const ordersPath = "/console/orders"

// deskOrderRoutes are what customers have bought, as staff see to it.
func (s *Server) deskOrderRoutes() []Route {
	read, act := can(staff.Orders, staff.ToRead), can(staff.Orders, staff.ToAct)
	list := []Route{
		{get, ordersPath, read, s.deskOrders, "What customers have bought, and where it stands"},
		{get, ordersPath + "/:id", read, s.deskOrder, "One order with everything that happened to it"},
	}
	for _, a := range orderActs() {
		list = append(list,
			Route{get, ordersPath + "/:id/" + a.name, act, s.askOrderAct(a), a.doc + ": the form"},
			Route{post, ordersPath + "/:id/" + a.name, act, s.askOrderAct(a), a.doc},
		)
	}
	return append(list,
		Route{get, ordersPath + "/:id/return", can(staff.Returns, staff.ToAct), s.openReturnFor, "Opens a return of an order for its customer: the form"},
		Route{post, ordersPath + "/:id/return", can(staff.Returns, staff.ToAct), s.openReturnFor, "Opens a return of an order for its customer"},
	)
}

func ordersScreen() screen {
	return screen{title: "console.room.orders", room: staff.Orders, live: []string{redisstore.TopicOrders}, fresh: "ordersroom.updated"}
}

// mayDo tells whether the visitor has a right.
func (s *Server) mayDo(c *fiber.Ctx, room staff.Room, act staff.Act) bool {
	v, _ := VisitorOf(c.UserContext())
	_, may := s.Staff.Can(v.Role, room, act)
	return may
}

// deskOrders is the list, newest first.
func (s *Server) deskOrders(c *fiber.Ctx) error {
	ctx := c.UserContext()
	spec := tableSpec{
		ID: "orders", Path: ordersPath, Caption: "console.room.orders", Sort: "-placed",
		Columns: []tableColumn{
			{Key: "number", Label: "ordersroom.column.number"}, {Key: "placed", Label: "ordersroom.column.placed", Sorts: true},
			{Key: "customer", Label: "ordersroom.column.customer"}, {Key: "pieces", Label: "ordersroom.column.pieces", End: true},
			{Key: "total", Label: "ordersroom.column.total", End: true}, {Key: "method", Label: "ordersroom.column.method"},
			{Key: "status", Label: "ordersroom.column.status"}, {Key: "channel", Label: "ordersroom.column.channel", Optional: true, Hidden: true},
			{Key: "changed", Label: "ordersroom.column.changed", Optional: true, Hidden: true},
		},
		Filters: []tableFilter{
			{Key: "todo", Label: "ordersroom.todo", Kind: ui.FilterChips, Options: namedOptions(ctx, "ordersroom.todo", "confirm", "ship", "deliver")},
			{Key: "status", Label: "ordersroom.column.status", Kind: ui.FilterSelect, Options: namedOptions(ctx, "ordersroom.state", models.OrderStatuses()...)},
			{Key: "method", Label: "ordersroom.column.method", Kind: ui.FilterSelect, Options: namedOptions(ctx, "ordersroom.method", models.MethodStripe, models.MethodCOD)},
			{Key: "placed", Label: "ordersroom.column.placed", Kind: ui.FilterDays},
			{Key: "q", Label: "ordersroom.search", Kind: ui.FilterSearch},
		},
		Empty: ui.EmptyList{Icon: "shopping-bag", Title: i18n.T(ctx, "ordersroom.none"), Text: i18n.T(ctx, "ordersroom.none_text"),
			URL: "/products", Label: i18n.T(ctx, "ordersroom.to_shop")},
		NoMatch: ui.EmptyList{Icon: "search", Title: i18n.T(ctx, "ordersroom.no_match"), Text: i18n.T(ctx, "ordersroom.no_match_text")},
	}
	return s.table(c, ordersScreen(), spec, s.orderRows, func(t ui.Table) templ.Component {
		return orders.Content(orders.Page{Title: i18n.T(ctx, "console.room.orders"), Lead: i18n.T(ctx, "ordersroom.lead"), Table: t})
	})
}

// todos are the orders that wait for something staff do, by what it is.
func todos() map[string][]models.OrderStatus {
	return map[string][]models.OrderStatus{
		"confirm": {models.OrderPendingCOD}, "ship": {models.OrderConfirmed, models.OrderPaid}, "deliver": {models.OrderShipped},
	}
}

// orderRows reads a page; its place in the list is how many stand before it. Words that are no order's number match
// nothing: names and phones have no place in an address.
func (s *Server) orderRows(ctx context.Context, q tableQuery) (tablePage, error) {
	f := checkout.OrderFilter{Method: models.OrderMethod(q.Value("method")), Oldest: !q.Desc, Limit: q.Limit + 1}
	f.From, f.To = q.Days("placed")
	f.Status = todos()[q.Value("todo")]
	if state := models.OrderStatus(q.Value("status")); state != "" {
		f.Status = []models.OrderStatus{state}
	}
	if text := q.Value("q"); text != "" {
		if f.Text = checkout.OrderNumber(text); f.Text == "" {
			return tablePage{}, nil
		}
	}
	if n, ok := q.cursorID(); ok {
		f.Offset = int(min(n, 1_000_000))
	}
	list, _, err := s.Till.ListOrders(ctx, f)
	if err != nil {
		return tablePage{}, err
	}
	names, err := s.buyers(ctx, list)
	if err != nil {
		return tablePage{}, err
	}
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return tablePage{}, err
	}
	page := tablePage{More: len(list) > q.Limit}
	for i, o := range list[:min(len(list), q.Limit)] {
		state, placed := orderBadge(ctx, o.Status), o.CreatedAt.In(policies.Zone())
		page.Rows = append(page.Rows, tableRow{Cursor: []string{strconv.Itoa(f.Offset + i + 1)}, Row: ui.Row{
			ID: o.ID.String(), URL: orderURL(o.ID, ""), Label: o.Number, Cells: []ui.Cell{
				{Text: o.Number, Code: true}, {Text: ui.Moment(ctx, placed), View: ui.Time(placed, ui.Moment(ctx, placed))}, {Text: names(o)},
				{Text: strconv.Itoa(pieces(o))}, {Text: ui.Money(ctx, o.TotalMinor, o.Currency), Code: true},
				{Text: i18n.T(ctx, "ordersroom.method."+string(o.Method))}, {Text: state.Word, View: orders.State(state)},
				{Text: ui.Word(ctx, "ordersroom.channel", o.Channel)}, {Text: ui.Moment(ctx, o.UpdatedAt.In(policies.Zone()))},
			},
		}})
	}
	return page, nil
}

func pieces(o models.Order) (n int) {
	for _, item := range o.Items {
		n += item.Qty
	}
	return n
}

func orderURL(id models.ID, act string) string {
	if act == "" {
		return ordersPath + "/" + id.String()
	}
	return ordersPath + "/" + id.String() + "/" + act
}

// buyers names who has bought: a customer, whom a parcel is for, or a guest.
func (s *Server) buyers(ctx context.Context, list []models.Order) (func(models.Order) string, error) {
	var ids []models.ID
	for _, o := range list {
		if o.CustomerID != nil {
			ids = append(ids, *o.CustomerID)
		}
	}
	people, err := s.People.Names(ctx, ids)
	if err != nil {
		return nil, err
	}
	return func(o models.Order) string {
		if o.CustomerID != nil && people[*o.CustomerID] != "" {
			return people[*o.CustomerID]
		}
		if o.Address != nil && o.Address.Name != "" {
			return o.Address.Name
		}
		return i18n.T(ctx, "ordersroom.guest")
	}, nil
}

// orderBadge is an order's state in a word and its tone.
func orderBadge(ctx context.Context, state models.OrderStatus) orders.Badge {
	tone := map[models.OrderStatus]ui.Tone{
		models.OrderPending: ui.Attention, models.OrderPendingCOD: ui.Attention, models.OrderConfirmed: ui.Info, models.OrderPaid: ui.Info,
		models.OrderShipped: ui.Info, models.OrderDelivered: ui.Good, models.OrderFailed: ui.Danger,
	}[state]
	return orders.Badge{Tone: tone, Word: i18n.T(ctx, "ordersroom.state."+string(state))}
}
