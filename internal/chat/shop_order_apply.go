package chat

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/checkout"
	"frontdesk/internal/customers"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/privacy"
	"frontdesk/internal/shop"
	"frontdesk/models"
)

// ordersRead is how many of somebody's orders are looked through.
const ordersRead = 20

// order does what was asked of orders and returns.
func (w *work) order(ctx context.Context, a Action) (*Event, error) {
	switch a := a.(type) {
	case PrepareOrder:
		return w.prepareOrder(ctx)
	case Agree:
		return nil, w.agree(ctx, a)
	case SameAddress:
		last, err := w.lastAddress(ctx)
		if err != nil || last == nil {
			return nil, err
		}
		return &Event{Address: last}, nil
	case PlaceOrder:
		return w.placeOrder(ctx, a)
	case FindOrders:
		return w.findOrders(ctx, a)
	case EndOrder:
		return w.endOrder(ctx, a)
	case OfferReturn:
		return w.offerReturn(ctx, a)
	case OpenReturn:
		return w.openReturn(ctx, a)
	case KeepPhoto:
		return w.keepPhoto(ctx, a)
	default:
		return nil, fmt.Errorf("apply %T: no such action", a)
	}
}

func (w *work) prepareOrder(ctx context.Context) (*Event, error) {
	cart, err := w.cart(ctx)
	if err != nil {
		return nil, err
	}
	p := Prepared{Cart: cart}
	if w.facts.Shopper != nil {
		if p.Agreed, err = w.Privacy.AgreedNow(ctx, privacy.Who{Customer: *w.facts.Shopper}); err != nil {
			return nil, err
		}
		if p.Last, err = w.lastAddress(ctx); err != nil {
			return nil, err
		}
	}
	phone, err := w.phone(ctx)
	p.Country = customers.Country(phone)
	return &Event{Prepared: &p}, err
}

// phone is the sender's; empty where the channel does not tell it.
func (w *work) phone(ctx context.Context) (string, error) {
	contact, err := w.Customers.ContactByID(ctx, w.conv.ContactID)
	if err != nil {
		return "", err
	}
	phone, _ := contact.Phone()
	return phone, nil
}

// lastAddress is where the newest of the sender's orders went that went anywhere.
func (w *work) lastAddress(ctx context.Context) (*models.Address, error) {
	if w.facts.Shopper == nil {
		return nil, nil
	}
	orders, err := w.Till.OrdersOfCustomer(ctx, *w.facts.Shopper, ordersRead)
	if err != nil {
		return nil, err
	}
	for _, o := range orders {
		if o.Address != nil && o.Address.Line1 != "" {
			return o.Address, nil
		}
	}
	return nil, nil
}

// agree writes down what was said to the notice, in the words it was asked with.
func (w *work) agree(ctx context.Context, a Agree) error {
	owner, err := w.owner(ctx)
	if err != nil {
		return err
	}
	asked, err := w.line(say("shopchat.order.consent", i18n.Facts{"URL": w.facts.PrivacyURL}))
	if err != nil {
		return err
	}
	phone, err := w.phone(ctx)
	if err != nil {
		return err
	}
	_, err = w.Privacy.Consent(ctx, privacy.ConsentRecord{
		Phone: phone, Customer: owner.Customer, Granted: a.Granted, Channel: models.ConsentByWhatsApp, PolicyText: asked,
		PolicyVersion: w.facts.Policies.PrivacyVersion, Verified: true,
	})
	return err
}

// placeOrder places an order and has it confirmed, or paid: the yes to its summary is the confirmation. A cart
// that is another than the one summed up is not ordered.
func (w *work) placeOrder(ctx context.Context, a PlaceOrder) (*Event, error) {
	owner, err := w.owner(ctx)
	if err != nil {
		return nil, err
	}
	phone, err := w.phone(ctx)
	if err != nil {
		return nil, err
	}
	address := a.address(phone)
	var out Ordered
	if err = w.seen(ctx, owner, a.Ordering); err == nil {
		out.Order, err = w.Till.PlaceOrder(ctx, checkout.OrderRequest{
			Owner: owner, Method: a.Method, Address: &address, Notes: a.Notes, Key: "chat:" + w.cause, Language: w.lang, Channel: checkout.ChannelWhatsApp,
		})
	}
	if err == nil && a.Method == models.MethodCOD {
		out.Order, err = w.Till.ConfirmOrder(ctx, actor, out.Order.ID)
	}
	if refused := (*fault.Fault)(nil); errors.As(err, &refused) {
		out.Fault, out.Facts = refused.Key, i18n.Facts(refused.Facts)
		for _, field := range slices.Sorted(maps.Keys(refused.Fields)) {
			out.Field, out.Fault = field, refused.Fields[field]
		}
		err = nil
	}
	if err != nil {
		return nil, err
	}
	return &Event{Ordered: &out}, nil
}

// seen tells whether the cart is still as it was summed up. New prices that the summary said are noticed with that.
// Fault: orders.cart_changed.
func (w *work) seen(ctx context.Context, owner shop.Owner, o Ordering) error {
	cart, err := w.Shop.Cart(ctx, owner)
	if err != nil {
		return err
	}
	if len(cart.Items) > 0 && (cart.Version != o.Version || cart.TotalMinor != o.Total) {
		return fault.Conflict("orders.cart_changed")
	}
	for _, item := range cart.Items {
		if item.PriceChanged() && !item.Short() {
			if _, err := w.Shop.SetQty(ctx, owner, item.ID, item.Qty); err != nil {
				return err
			}
		}
	}
	return nil
}

// findOrders reads the sender's orders, or the one they name: another's is as good as none.
func (w *work) findOrders(ctx context.Context, a FindOrders) (*Event, error) {
	f := FoundOrders{Asked: a}
	if w.facts.Shopper == nil {
		return &Event{Orders: &f}, nil
	}
	orders, err := w.Till.OrdersOfCustomer(ctx, *w.facts.Shopper, ordersRead)
	if err != nil {
		return nil, err
	}
	f.Orders = slices.DeleteFunc(orders, func(o models.Order) bool {
		return a.Named != "" && o.ID.String() != strings.ToLower(a.Named) && o.Number != checkout.OrderNumber(a.Named)
	})
	f.Others = len(f.Orders) < len(orders)
	if a.For != understand.DoStatus || len(f.Orders) == 0 {
		return &Event{Orders: &f}, nil
	}
	if f.Links, err = w.links(ctx, f.Orders[0]); err != nil {
		return nil, err
	}
	if f.Returns, err = w.Till.ReturnsOf(ctx, shop.Owner{Customer: *w.facts.Shopper}, f.Orders[0].ID); err != nil {
		return nil, err
	}
	refunds, err := w.Till.OrderRefunds(ctx, f.Orders[0].ID)
	f.Back = checkout.BackOf(refunds, f.Orders[0].Currency)
	return &Event{Orders: &f}, err
}

// links are the pages where an order can be paid now.
func (w *work) links(ctx context.Context, o models.Order) (urls []string, err error) {
	if o.Status != models.OrderPending {
		return nil, nil
	}
	payments, err := w.Till.OrderPayments(ctx, o.ID)
	for _, p := range payments {
		if p.State == models.PaymentOpen && p.URL != "" {
			urls = append(urls, p.URL)
		}
	}
	return urls, err
}
