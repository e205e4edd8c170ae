package models

import (
	"database/sql/driver"
	"time"
)

// ProductCategory is a shelf of the shop; shelves may stand inside one another.
type ProductCategory struct {
	ID        ID `gorm:"primaryKey"`
	Slug      string
	Names     Text
	ParentID  *ID
	Position  int
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Product is one thing the shop sells. Its price is in minor units of its currency.
type Product struct {
	ID           ID `gorm:"primaryKey"`
	SKU          string
	Names        Text
	Descriptions Text
	PriceMinor   int64
	Currency     string // ISO 4217
	Stock        int
	Reserved     int  // of Stock, by orders that wait to be paid or confirmed
	FeedStock    *int // what the feed said last
	Active       bool
	Brand        string
	Attributes   Attributes
	CategoryID   *ID
	Category     *ProductCategory
	Media        []Medium
	Held         Strings // fields that staff have changed and the feed leaves alone: see shop.HeldFields
	Version      int     // counts the changes, so that two of them notice each other
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// Attributes are what is said of a product beside its name, such as its volume, by key.
type Attributes map[string]Text

// Value stores the attributes as JSON, an empty object for nil.
func (a Attributes) Value() (driver.Value, error) {
	if a == nil {
		return "{}", nil
	}
	return toJSON(a)
}

// Scan reads the attributes from JSON.
func (a *Attributes) Scan(src any) error { return fromJSON(src, a) }

// MediumKind says what a medium shows.
type MediumKind string

// Kinds of media.
const (
	MediumImage MediumKind = "image"
	MediumVideo MediumKind = "video"
)

// MediumOrigin says who brought a medium.
type MediumOrigin string

// Origins of media.
const (
	MediumFromFeed    MediumOrigin = "feed"
	MediumFromMapping MediumOrigin = "mapping" // of pictures to SKUs; a sync leaves these alone
)

// Medium is a picture or film of a product.
type Medium struct {
	ID        ID `gorm:"primaryKey"`
	ProductID ID
	URL       string
	Kind      MediumKind
	Position  int
	Alt       Text
	Origin    MediumOrigin
	CreatedAt time.Time
	UpdatedAt time.Time
}

// TableName keeps GORM from guessing the plural.
func (Medium) TableName() string { return "product_media" }

// FeedState is how far a reading of the product feed is.
type FeedState string

// States of a reading.
const (
	FeedRunning FeedState = "running"
	FeedDone    FeedState = "done"
	FeedFailed  FeedState = "failed"
)

// FeedRun is one reading of the product feed. Categories, Products and Media count what the feed
// held.
type FeedRun struct {
	ID          ID     `gorm:"primaryKey"`
	Source      string // where the feed is, without what opens it
	State       FeedState
	Failure     string // its code
	StartedAt   time.Time
	EndedAt     *time.Time // nil while it runs
	Categories  int
	Products    int
	Media       int
	Changed     int // products that were written, new ones too
	Deactivated int // products that the feed no longer holds
	Rejected    int // what of the feed could not be used
}

// Left is how many may be sold now.
func (p Product) Left() int { return max(p.Stock-p.Reserved, 0) }
