package models

import (
	"encoding/json"
	"slices"
	"time"
)

// OrderStatus is where an order stands.
type OrderStatus string

// States of an order.
const (
	OrderPending    OrderStatus = "pending"     // waits for its payment by card
	OrderPendingCOD OrderStatus = "pending_cod" // waits to be confirmed, and is paid on delivery
	OrderConfirmed  OrderStatus = "confirmed"   // to be paid on delivery
	OrderPaid       OrderStatus = "paid"        // by card
	OrderShipped    OrderStatus = "shipped"
	OrderDelivered  OrderStatus = "delivered"
	OrderCanceled   OrderStatus = "canceled" // by its owner, by staff, or because its time ran out
	OrderFailed     OrderStatus = "failed"   // the payment that was under way did not come
	OrderRefunded   OrderStatus = "refunded" // all that was paid has gone back
)

// OrderStatuses lists the states in the order an order may go through them.
func OrderStatuses() []OrderStatus {
	return []OrderStatus{
		OrderPending, OrderPendingCOD, OrderConfirmed, OrderPaid, OrderShipped, OrderDelivered, OrderCanceled, OrderFailed, OrderRefunded,
	}
}

// Unpaid tells whether the order waits for its owner: it may be reckoned anew, and what it holds back is theirs
// for a time only.
func (s OrderStatus) Unpaid() bool { return s == OrderPending || s == OrderPendingCOD }

// Placed tells whether the order was confirmed or paid and stands.
func (s OrderStatus) Placed() bool {
	return s == OrderConfirmed || s == OrderPaid || s == OrderShipped || s == OrderDelivered
}

// Open tells whether something is still to be done for the order.
func (s OrderStatus) Open() bool { return s.Unpaid() || s.Placed() && s != OrderDelivered }

// Final tells whether the order has ended; money may still be on its way back.
func (s OrderStatus) Final() bool {
	return s == OrderCanceled || s == OrderFailed || s == OrderRefunded
}

// May tells whether an order may go from one state to another. Money that goes back afterwards makes a canceled
// order refunded.
func (s OrderStatus) May(to OrderStatus) bool {
	return slices.Contains(map[OrderStatus][]OrderStatus{
		OrderPending:    {OrderPendingCOD, OrderPaid, OrderCanceled, OrderFailed},
		OrderPendingCOD: {OrderPending, OrderConfirmed, OrderPaid, OrderCanceled}, // paid: by a link from before it was to be paid in cash
		OrderConfirmed:  {OrderShipped, OrderCanceled},
		OrderPaid:       {OrderShipped, OrderCanceled, OrderRefunded},
		OrderShipped:    {OrderDelivered, OrderCanceled, OrderRefunded},
		OrderDelivered:  {OrderRefunded},
		OrderCanceled:   {OrderRefunded},
	}[s], to)
}

// OrderMethod is how an order is paid.
type OrderMethod string

// Methods of payment.
const (
	MethodCOD    OrderMethod = "cod"    // in cash, on delivery
	MethodStripe OrderMethod = "stripe" // by card, on the provider's page
)

// Order is what somebody has bought, or is about to: a snapshot of a cart, in minor units of one currency. It is a
// customer's or a guest's session's; of a session that has ended, nobody's any more.
type Order struct {
	ID            ID     `gorm:"primaryKey"`
	Number        string // "LU-7K3M-9QXD": what people call it
	CustomerID    *ID
	SessionID     *ID
	CartID        ID
	CartVersion   int64 // of the cart, as it was reckoned from
	Method        OrderMethod
	Status        OrderStatus
	Language      Language
	Channel       string // "web", "whatsapp", "api"
	Currency      string
	SubtotalMinor int64
	TaxMinor      int64 // 0: prices contain their tax
	ShippingMinor int64
	TotalMinor    int64
	AddressID     *ID
	Address       *Address
	Notes         string
	ReservedUntil *time.Time // while it is unpaid: until then its goods are held back
	ConfirmedAt   *time.Time
	PaidAt        *time.Time
	ShippedAt     *time.Time
	DeliveredAt   *time.Time
	ClosedAt      *time.Time // it was canceled, failed or refunded
	Version       int64      // counts the changes, so that two of them notice each other
	CreatedAt     time.Time
	UpdatedAt     time.Time
	Items         []OrderItem
}

// OrderItem is a line of an order, at the price it was bought for.
type OrderItem struct {
	ID         ID `gorm:"primaryKey"`
	OrderID    ID
	ProductID  ID
	SKU        string `gorm:"column:sku"`
	Names      Text
	PriceMinor int64
	Qty        int
	TotalMinor int64
}

// OrderEvent is one thing that happened to an order. From and To differ where its state changed.
type OrderEvent struct {
	ID      ID `gorm:"primaryKey"`
	OrderID ID
	At      time.Time
	Kind    string      // "placed", "recalculated", "confirmed", "payment.received", …
	From    OrderStatus `gorm:"column:from_status"`
	To      OrderStatus `gorm:"column:to_status"`
	Actor   string      // "customer", "staff:<id>", "stripe", "system"
	Note    string
	Data    json.RawMessage // what belongs to it, an object: amounts, ids; never personal data
}

// Address is where an order goes. It is kept once for its owner.
type Address struct {
	ID         ID `gorm:"primaryKey"`
	CustomerID *ID
	SessionID  *ID
	Digest     []byte // of all it says
	Name       string
	Phone      string // E.164, or empty
	Line1      string
	Line2      string
	City       string
	Region     string
	Country    string // ISO 3166-1, two letters
	PostalCode string
	CreatedAt  time.Time
}
