package handlers

import (
	"context"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/checkout"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/orders"
	backpages "frontdesk/views/returns"
	"frontdesk/views/ui"
)

const returnsPath = "/console/returns"

// deskReturnRoutes are what customers send back, as staff see to it. Whoever looks after refunds gives the money back.
func (s *Server) deskReturnRoutes() []Route {
	read, act, pay := can(staff.Returns, staff.ToRead), can(staff.Returns, staff.ToAct), can(staff.Refunds, staff.ToAct)
	list := []Route{
		{get, returnsPath, read, s.deskReturns, "What customers send back, and where it stands"},
		{get, returnsPath + "/:id", read, s.deskReturn, "One return with its pictures and everything that happened to it"},
		{get, returnsPath + "/:id/photos/:photo", read, s.returnPicture, "A picture that the customer sent of what they return"},
	}
	for _, a := range returnActs() {
		list = append(list,
			Route{get, returnsPath + "/:id/" + a.name, act, s.askReturnAct(a), a.doc + ": the form"},
			Route{post, returnsPath + "/:id/" + a.name, act, s.askReturnAct(a), a.doc},
		)
	}
	return append(list,
		Route{get, returnsPath + "/:id/refund", pay, s.refundReturn, "Gives the money of a return back: the form"},
		Route{post, returnsPath + "/:id/refund", pay, s.refundReturn, "Gives the money of a return back and closes it"},
	)
}

func returnsScreen() screen {
	return screen{title: "console.room.returns", room: staff.Returns, live: []string{redisstore.TopicOrders}, fresh: "returns.updated"}
}

// deskReturns is the list, newest first.
func (s *Server) deskReturns(c *fiber.Ctx) error {
	ctx := c.UserContext()
	spec := tableSpec{
		ID: "returns", Path: returnsPath, Caption: "console.room.returns", Sort: "-asked",
		Columns: []tableColumn{
			{Key: "code", Label: "returns.column.code"}, {Key: "order", Label: "returns.column.order"}, {Key: "asked", Label: "returns.column.asked"},
			{Key: "reason", Label: "returns.column.reason"}, {Key: "pieces", Label: "returns.column.pieces", End: true},
			{Key: "goods", Label: "returns.column.goods", End: true}, {Key: "photos", Label: "returns.column.photos", End: true, Optional: true},
			{Key: "status", Label: "returns.column.status"}, {Key: "changed", Label: "returns.column.changed", Optional: true, Hidden: true},
		},
		Filters: []tableFilter{
			{Key: "todo", Label: "returns.todo", Kind: ui.FilterChips, Options: namedOptions(ctx, "returns.todo", "decide", "way", "refund")},
			{Key: "status", Label: "returns.column.status", Kind: ui.FilterSelect, Options: namedOptions(ctx, "returns.state", models.ReturnStatuses()...)},
			{Key: "asked", Label: "returns.column.asked", Kind: ui.FilterDays},
			{Key: "q", Label: "returns.search", Kind: ui.FilterSearch},
		},
		Empty: ui.EmptyList{Icon: "undo-2", Title: i18n.T(ctx, "returns.none"), Text: i18n.T(ctx, "returns.none_text"),
			URL: ordersPath, Label: i18n.T(ctx, "returns.to_orders")},
		NoMatch: ui.EmptyList{Icon: "search", Title: i18n.T(ctx, "returns.no_match"), Text: i18n.T(ctx, "returns.no_match_text")},
	}
	return s.table(c, returnsScreen(), spec, s.returnRows, func(t ui.Table) templ.Component {
		return orders.Content(orders.Page{Title: i18n.T(ctx, "console.room.returns"), Lead: i18n.T(ctx, "returns.lead"), Table: t})
	})
}

// waitingReturns are the returns that wait for something staff do, by what it is.
func waitingReturns() map[string][]models.ReturnStatus {
	return map[string][]models.ReturnStatus{
		"decide": {models.ReturnRequested}, "way": {models.ReturnApproved, models.ReturnInTransit}, "refund": {models.ReturnReceived},
	}
}

func (s *Server) returnRows(ctx context.Context, q tableQuery) (tablePage, error) {
	f := checkout.ReturnFilter{Status: waitingReturns()[q.Value("todo")], Text: q.Value("q"), Limit: q.Limit + 1}
	if state := models.ReturnStatus(q.Value("status")); state != "" {
		f.Status = []models.ReturnStatus{state}
	}
	f.From, f.To = q.Days("asked")
	f.After, f.AfterID = caseCursor(q.After)
	list, err := s.Till.ListReturns(ctx, f)
	if err != nil {
		return tablePage{}, err
	}
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return tablePage{}, err
	}
	page := tablePage{More: len(list) > q.Limit}
	for _, r := range list[:min(len(list), q.Limit)] {
		state, asked := returnBadge(ctx, r.Status), r.CreatedAt.In(policies.Zone())
		page.Rows = append(page.Rows, tableRow{Cursor: []string{r.CreatedAt.UTC().Format(time.RFC3339Nano), r.ID.String()}, Row: ui.Row{
			ID: r.ID.String(), URL: returnURL(r.ID, ""), Label: r.RMACode, Cells: []ui.Cell{
				{Text: r.RMACode, Code: true}, {Text: r.Number, Code: true}, {Text: ui.Moment(ctx, asked), View: ui.Time(asked, ui.Moment(ctx, asked))},
				{Text: returnReason(ctx, r.Reason)}, {Text: strconv.Itoa(r.Pieces)}, {Text: ui.Money(ctx, r.Goods, r.Currency), Code: true},
				{Text: strconv.Itoa(r.Pictures)}, {Text: state.Word, View: orders.State(state)}, {Text: ui.Moment(ctx, r.UpdatedAt.In(policies.Zone()))},
			},
		}})
	}
	return page, nil
}

func returnURL(id models.ID, act string) string {
	if act == "" {
		return returnsPath + "/" + id.String()
	}
	return returnsPath + "/" + id.String() + "/" + act
}

// returnReason is why something is sent back: one of ours in words, or what a customer wrote.
func returnReason(ctx context.Context, reason string) string {
	for _, known := range models.ReturnReasons() {
		if reason == string(known) {
			return i18n.T(ctx, "returns.reason."+reason)
		}
	}
	return reason
}

// returnBadge is a return's state in a word and its tone.
func returnBadge(ctx context.Context, state models.ReturnStatus) orders.Badge {
	tone := map[models.ReturnStatus]ui.Tone{
		models.ReturnRequested: ui.Attention, models.ReturnApproved: ui.Info, models.ReturnInTransit: ui.Info, models.ReturnReceived: ui.Attention,
		models.ReturnRefunded: ui.Good,
	}[state]
	return orders.Badge{Tone: tone, Word: i18n.T(ctx, "returns.state."+string(state))}
}

// returnOf is the return of the address. Fault: return.not_found.
func (s *Server) returnOf(c *fiber.Ctx) (r models.Return, err error) {
	var id models.ID
	if id.UnmarshalText([]byte(c.Params("id"))) != nil {
		return r, fault.NotFound("return.not_found")
	}
	return s.Till.Return(c.UserContext(), id)
}

// deskReturn is one return with its pictures and everything that happened to it.
func (s *Server) deskReturn(c *fiber.Ctx) error {
	ctx := c.UserContext()
	r, err := s.returnOf(c)
	if err != nil {
		return err
	}
	o, err := s.Till.Order(ctx, r.OrderID)
	if err != nil {
		return err
	}
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return err
	}
	v, _ := VisitorOf(ctx)
	d := backpages.Detail{
		Code: r.RMACode, Status: returnBadge(ctx, r.Status), Currency: o.Currency, Reason: returnReason(ctx, r.Reason), Notes: r.Notes,
		Photos: returnPhotos(ctx, r), Acts: s.possibleReturnActs(c, r), Money: s.returnMoney(ctx, v.Role, r, o),
	}
	goods := int64(0)
	for _, item := range r.Items {
		goods += item.TotalMinor
		line := orders.Line{Name: ui.In(ctx, item.Names), SKU: item.SKU, Qty: item.Qty, PriceMinor: item.PriceMinor, TotalMinor: item.TotalMinor}
		if s.mayDo(c, staff.Catalogue, staff.ToRead) {
			line.URL = cataloguePath + "/" + item.ProductID.String()
		}
		d.Lines = append(d.Lines, line)
	}
	d.Sums = []orders.Fact{{Label: i18n.T(ctx, "returns.goods"), Value: ui.Money(ctx, goods, o.Currency)}}
	if d.Facts, err = s.returnFacts(c, r, o, policies.Zone()); err != nil {
		return err
	}
	if d.Talk, err = s.talkAbout(c, o); err != nil {
		return err
	}
	story, err := s.returnEvents(ctx, r, policies.Zone())
	if err != nil {
		return err
	}
	if d.Story, err = s.named(ctx, story); err != nil {
		return err
	}
	return s.page(c, returnsScreen(), backpages.Return(d))
}

func returnPhotos(ctx context.Context, r models.Return) []backpages.Photo {
	var out []backpages.Photo
	for i, p := range r.Photos {
		if p.State != models.PhotoKept {
			out = append(out, backpages.Photo{Word: i18n.T(ctx, "returns.photo."+string(p.State))})
			continue
		}
		out = append(out, backpages.Photo{URL: returnURL(r.ID, "photos/"+p.ID.String()), Alt: i18n.T(ctx, "returns.photo_alt", "Number", i+1)})
	}
	return out
}

func (s *Server) returnFacts(c *fiber.Ctx, r models.Return, o models.Order, zone *time.Location) ([]orders.Fact, error) {
	ctx := c.UserContext()
	names, err := s.buyers(ctx, []models.Order{o})
	if err != nil {
		return nil, err
	}
	who, err := s.actorNames(ctx, []string{r.OpenedBy})
	if err != nil {
		return nil, err
	}
	label := func(key string) string { return i18n.T(ctx, "returns.fact."+key) }
	out := []orders.Fact{
		{Label: label("order"), Value: o.Number, URL: orderURL(o.ID, ""), Code: true}, {Label: label("customer"), Value: names(o)},
		{Label: label("asked"), Value: ui.Moment(ctx, r.CreatedAt.In(zone))}, {Label: label("opened_by"), Value: who(r.OpenedBy)},
	}
	if r.ReceivedAt != nil {
		stocked := i18n.T(ctx, map[bool]string{true: "console.yes", false: "console.no"}[r.Restocked])
		out = append(out, orders.Fact{Label: label("received"), Value: ui.Moment(ctx, r.ReceivedAt.In(zone))}, orders.Fact{Label: label("restocked"), Value: stocked})
	}
	return out, nil
}

// returnMoney is what went back, and how.
func (s *Server) returnMoney(ctx context.Context, role models.Role, r models.Return, o models.Order) []orders.Fact {
	if r.RefundMethod == "" {
		return nil
	}
	url := ""
	if r.RefundID != nil {
		url = s.refundPage(role, *r.RefundID)
	}
	out := []orders.Fact{
		{Label: i18n.T(ctx, "returns.fact.amount"), Value: ui.Money(ctx, r.RefundMinor, o.Currency), Code: true, URL: url},
		{Label: i18n.T(ctx, "returns.fact.method"), Value: i18n.T(ctx, "returns.method."+string(r.RefundMethod))},
	}
	if r.RefundProof != "" {
		out = append(out, orders.Fact{Label: i18n.T(ctx, "returns.fact.proof"), Value: r.RefundProof, Code: true})
	}
	return out
}

// returnPicture is a picture that the customer sent. Only what was found to be a picture of two kinds is kept, and the
// browser is told to believe nothing else.
func (s *Server) returnPicture(c *fiber.Ctx) error {
	var id, photo models.ID
	if id.UnmarshalText([]byte(c.Params("id"))) != nil || photo.UnmarshalText([]byte(c.Params("photo"))) != nil {
		return fault.NotFound("return.not_found")
	}
	kind, data, err := s.Till.Picture(c.UserContext(), id, photo)
	if err != nil {
		return err
	}
	private(c)
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderContentDisposition, "inline")
	return c.Send(data)
}
