package checkout

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"frontdesk/internal/fault"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/shop"
	"frontdesk/models"
)

// ReturnBasis is what the days of a return are counted from.
type ReturnBasis string

// What the days are counted from. Since created: what is paid or confirmed may be sent back before anybody noted
// that it was delivered.
const (
	SinceDelivered ReturnBasis = "delivered"
	SinceCreated   ReturnBasis = "created"
)

// ReturnTerms are what the salon takes back, and for how long. The zero value takes nothing back.
type ReturnTerms struct {
	Enabled bool
	Days    int
	Basis   ReturnBasis // since delivered when empty
}

// WithReturns says what the salon takes back.
func WithReturns(terms ReturnTerms) Option { return func(t *Till) { t.returns = terms } }

// Limits of what is said about a return; the database knows them, too.
const (
	MaxReturnReason = 200  // characters
	MaxReturnNotes  = 1000 // characters
	maxReturnLines  = 100
)

// Limits of attempts to open returns, of a person and of an order.
const (
	returnAttempts = 5
	returnWindow   = time.Hour
)

// ReturnLine is how many of a line of an order go back.
type ReturnLine struct {
	OrderItem models.ID
	Qty       int
}

// ReturnRequest asks for a return. Whoever asks for their own says who they are; staff are named instead.
type ReturnRequest struct {
	Owner  shop.Owner
	Staff  string // the actor; empty: the owner asks
	Order  models.ID
	Items  []ReturnLine // none: all that can still go back
	Reason string       // one of models.ReturnReasons, or words
	Notes  string
	Quiet  bool // the caller tells the customer by itself
}

// Offer is what of an order can still go back.
type Offer struct {
	Order models.Order
	Until time.Time // the first moment that is too late
	Lines []OfferLine
}

// OfferLine is a line of the order and how many of it can still go back, none at least.
type OfferLine struct {
	models.OrderItem
	Left int
}

// left is a line of the offer; nil when it is none of the order's.
func (o Offer) left(item models.ID) *OfferLine {
	for i := range o.Lines {
		if o.Lines[i].ID == item {
			return &o.Lines[i]
		}
	}
	return nil
}

// ReturnOffer tells what of their own order somebody can send back now. Faults: as OpenReturn, but for the limits.
func (t *Till) ReturnOffer(ctx context.Context, o shop.Owner, order models.ID) (Offer, error) {
	if !t.returns.Enabled {
		return Offer{}, fault.Forbidden("return.returns_disabled")
	}
	row, err := t.orderToReturn(ctx, ReturnRequest{Owner: o, Order: order})
	if err != nil {
		return Offer{}, err
	}
	return t.offer(ctx, row)
}

// StaffReturnOffer is ReturnOffer of anybody's order.
func (t *Till) StaffReturnOffer(ctx context.Context, order models.ID) (Offer, error) {
	if !t.returns.Enabled {
		return Offer{}, fault.Forbidden("return.returns_disabled")
	}
	row, err := t.orderToReturn(ctx, ReturnRequest{Staff: "staff", Order: order})
	if err != nil {
		return Offer{}, err
	}
	return t.offer(ctx, row)
}

// MayReturn tells whether an order is where returns begin; its days and what is left of it say the rest.
func (t *Till) MayReturn(o models.Order) bool {
	return t.returns.Enabled && (o.Status == models.OrderDelivered || t.returns.Basis == SinceCreated && o.Status.Placed())
}

// OpenReturn begins a return of the owner's order, or of anybody's by staff (R-831 … R-833). Of two at once one is
// opened: the order's row decides, and the database allows no second.
//
// Faults: return.refused with the fields reason, notes and items; return.returns_disabled; return.too_many;
// return.order_not_found, also of somebody else's order; return.not_eligible.<why>; return.existing_open_return.
func (t *Till) OpenReturn(ctx context.Context, r ReturnRequest) (models.Return, error) {
	out, err := t.openReturn(ctx, r)
	if code := returnRefusal(err); code != "" {
		t.count("return_rejected_" + code)
	}
	return out, err
}

func (t *Till) openReturn(ctx context.Context, r ReturnRequest) (models.Return, error) {
	r, err := r.checked()
	if err != nil {
		return models.Return{}, err
	}
	if !t.returns.Enabled {
		return models.Return{}, fault.Forbidden("return.returns_disabled")
	}
	if err := t.limitReturns(ctx, r, "owner:"+whose(r.Owner)); err != nil {
		return models.Return{}, err
	}
	if _, err = t.orderToReturn(ctx, r); err != nil {
		return models.Return{}, err
	}
	if err := t.limitReturns(ctx, r, "order:"+r.Order.String()); err != nil {
		return models.Return{}, err
	}
	var out models.Return
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		s, err := t.lockSale(ctx, r.Order)
		if err != nil {
			return err
		}
		offer, err := t.offer(ctx, s.order)
		if err != nil {
			return err
		}
		if out, err = r.of(offer); err != nil {
			return err
		}
		return t.beginReturn(ctx, r, s, &out)
	})
	if err != nil {
		return models.Return{}, fmt.Errorf("open return: %w", err)
	}
	return out, nil
}

// returnRefusal is the code of what a return was refused for; empty of every other error.
func returnRefusal(err error) string {
	for _, code := range []string{"returns_disabled", "order_not_found", "existing_open_return"} {
		if fault.Is(err, "return."+code) {
			return code
		}
	}
	for _, why := range notEligible() {
		if fault.Is(err, why) {
			return "not_eligible"
		}
	}
	return ""
}

// Why an order, or so much of it, cannot be sent back. The code is not_eligible, whatever the words are.
const (
	whyUndelivered = "return.not_eligible.undelivered"
	whyLate        = "return.not_eligible.late"
	whyNothingLeft = "return.not_eligible.nothing_left"
	whyQuantity    = "return.not_eligible.quantity"
)

func notEligible() []string { return []string{whyUndelivered, whyLate, whyNothingLeft, whyQuantity} }

// limitReturns counts an attempt of a person's before it is looked at. Staff are not counted.
func (t *Till) limitReturns(ctx context.Context, r ReturnRequest, name string) error {
	if r.Staff != "" {
		return nil
	}
	wait := t.limits.Take(ctx, redisstore.Bucket{Name: "return:" + name, Most: returnAttempts, Window: returnWindow})
	if wait > 0 {
		return fault.TooMany("return.too_many", wait)
	}
	return nil
}

func whose(o shop.Owner) string {
	if o.Guest() {
		return o.Session.String()
	}
	return o.Customer.String()
}

// orderToReturn is the order somebody asks about, if it is theirs. Fault: return.order_not_found.
func (t *Till) orderToReturn(ctx context.Context, r ReturnRequest) (order models.Order, err error) {
	if r.Staff != "" {
		order, err = t.Order(ctx, r.Order)
	} else {
		order, err = t.OrderOf(ctx, r.Owner, r.Order)
	}
	if fault.Is(err, "orders.order_not_found") {
		return order, fault.NotFound("return.order_not_found")
	}
	return order, err
}

// offer is what of an order can go back now. Faults: return.not_eligible.<why>, return.existing_open_return.
func (t *Till) offer(ctx context.Context, order models.Order) (Offer, error) {
	until, err := t.returnUntil(ctx, order)
	if err != nil {
		return Offer{}, err
	}
	var rows []struct {
		Open        bool
		OrderItemID models.ID
		Qty         int
	}
	err = t.db.On(ctx).Raw(`SELECT r.status IN ('requested', 'approved', 'in_transit', 'received') AS open, i.order_item_id, i.qty
		FROM returns r JOIN return_items i ON i.return_id = r.id WHERE r.order_id = ? AND r.status <> 'rejected'`, order.ID).Scan(&rows).Error
	if err != nil {
		return Offer{}, fmt.Errorf("read what went back: %w", err)
	}
	back := map[models.ID]int{}
	for _, r := range rows {
		if r.Open {
			return Offer{}, fault.Conflict("return.existing_open_return")
		}
		back[r.OrderItemID] += r.Qty
	}
	out, total := Offer{Order: order, Until: until}, 0
	for _, item := range order.Items {
		line := OfferLine{OrderItem: item, Left: item.Qty - back[item.ID]}
		out.Lines, total = append(out.Lines, line), total+line.Left
	}
	if total == 0 {
		return Offer{}, fault.Ineligible(whyNothingLeft)
	}
	return out, nil
}

// returnUntil is the first moment that is too late: the end of the last of the days, in the salon. Faults:
// return.not_eligible.undelivered, return.not_eligible.late.
func (t *Till) returnUntil(ctx context.Context, o models.Order) (time.Time, error) {
	since := o.DeliveredAt
	if t.returns.Basis == SinceCreated {
		since = &o.CreatedAt
	}
	if since == nil || !t.MayReturn(o) {
		return time.Time{}, fault.Ineligible(whyUndelivered)
	}
	policies, err := t.settings.Policies(ctx)
	if err != nil {
		return time.Time{}, err
	}
	day := since.In(policies.Zone())
	until := time.Date(day.Year(), day.Month(), day.Day()+t.returns.Days+1, 0, 0, 0, 0, policies.Zone())
	if !t.clock.Now().Before(until) {
		return time.Time{}, fault.Ineligible(whyLate)
	}
	return until, nil
}

// checked tidies a request and judges its words and numbers.
func (r ReturnRequest) checked() (ReturnRequest, error) {
	wrong := map[string]string{}
	r.Reason, r.Notes = strings.Join(strings.Fields(r.Reason), " "), strings.TrimSpace(r.Notes)
	if !said(r.Reason, MaxReturnReason) {
		wrong["reason"] = "return.text_long"
	}
	if !said(r.Notes, MaxReturnNotes) {
		wrong["notes"] = "return.text_long"
	}
	if len(r.Items) > maxReturnLines {
		wrong["items"] = "return.items_wrong"
	}
	seen := map[models.ID]bool{}
	for _, line := range r.Items {
		if line.Qty < 1 || line.Qty > shop.MaxQty || seen[line.OrderItem] {
			wrong["items"] = "return.items_wrong"
		}
		seen[line.OrderItem] = true
	}
	if len(wrong) > 0 {
		return r, fault.Invalid("return.refused", wrong)
	}
	return r, nil
}

// said tells whether a text is one, and no longer than it may be.
func said(text string, most int) bool {
	return utf8.ValidString(text) && !strings.ContainsRune(text, 0) && utf8.RuneCountInString(text) <= most
}

// of is the return that an offer makes of a request. Fault: return.not_eligible.quantity.
func (r ReturnRequest) of(offer Offer) (models.Return, error) {
	asked := r.Items
	if len(asked) == 0 {
		for _, line := range offer.Lines {
			if line.Left > 0 {
				asked = append(asked, ReturnLine{line.ID, line.Left})
			}
		}
	}
	out := models.Return{ID: models.NewID(), OrderID: offer.Order.ID, Reason: r.Reason, Notes: r.Notes}
	for _, want := range asked {
		line := offer.left(want.OrderItem)
		if line == nil || want.Qty > line.Left {
			return models.Return{}, fault.Ineligible(whyQuantity)
		}
		out.Items = append(out.Items, models.ReturnItem{
			ID: models.NewID(), ReturnID: out.ID, OrderItemID: line.ID, ProductID: line.ProductID, SKU: line.SKU, Names: line.Names,
			PriceMinor: line.PriceMinor, Qty: want.Qty, TotalMinor: line.PriceMinor * int64(want.Qty),
		})
	}
	return out, nil
}
