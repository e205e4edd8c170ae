package models

import "time"

// ShopSession is somebody who uses the shop from one browser or program. Its times are machine time.
type ShopSession struct {
	ID         ID `gorm:"primaryKey"`
	Hash       []byte
	CustomerID *ID // who they proved to be; nil a guest
	CreatedAt  time.Time
	ExpiresAt  time.Time
}

// CartStatus is where a cart stands.
type CartStatus string

// States of a cart. Merged: its lines went into a customer's cart.
const (
	CartActive    CartStatus = "active"
	CartAbandoned CartStatus = "abandoned"
	CartOrdered   CartStatus = "ordered"
	CartMerged    CartStatus = "merged"
)

// Cart is what somebody means to buy: a guest's session or a customer has one that is active at most
// . A cart that nobody opened yet has no id.
type Cart struct {
	ID            ID `gorm:"primaryKey"`
	SessionID     *ID
	CustomerID    *ID
	Status        CartStatus
	MergedIntoID  *ID
	Currency      string
	SubtotalMinor int64
	TaxMinor      int64 // 0: prices contain their tax
	ShippingMinor int64
	TotalMinor    int64
	Version       int64 // counts the changes
	ExpiresAt     time.Time
	CreatedAt     time.Time
	UpdatedAt     time.Time
	Items         []CartItem `gorm:"foreignKey:CartID"` // in the order they were put in
}

// CartItem is a line of a cart, at the price its product had when the line was last reckoned.
type CartItem struct {
	ID         ID `gorm:"primaryKey"`
	CartID     ID
	ProductID  ID
	SKU        string `gorm:"column:sku"`
	Names      Text   // as they were when it was put in
	PriceMinor int64
	WasMinor   *int64 // the price its owner knows, where it has changed since
	Currency   string
	Qty        int
	TotalMinor int64
	CreatedAt  time.Time
	UpdatedAt  time.Time
	RemovedAt  *time.Time
	// Left is how many the shop has as the line is read, 0 of a product that is not sold any more. A cart
	// keeps nothing back: Left may be less than Qty, and no order is taken then.
	Left int `gorm:"-"`
}

// PriceChanged tells whether the line costs something else than its owner was told.
func (i CartItem) PriceChanged() bool { return i.WasMinor != nil }

// Short tells whether the shop has fewer than the line asks for.
func (i CartItem) Short() bool { return i.Left < i.Qty }
