package handlers

import (
	"crypto/subtle"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// headerSyncKey opens POST /catalog/sync.
const headerSyncKey = "X-Catalog-Sync-Key"

type healthIn struct{}

type catalogHealthOut struct {
	Body struct {
		OK         bool          `json:"ok" example:"true"`
		Counts     catalogCounts `json:"counts"`
		LastSyncAt *time.Time    `json:"lastSyncAt,omitempty" example:"2026-10-09T08:00:00Z" doc:"When the feed was last read to its end"`
		Cache      cacheFigures  `json:"cache"`
		Catalog    struct {
			Timings catalogTimings `json:"timings"`
		} `json:"catalog"`
	}
}

type catalogCounts struct {
	Products   int64 `json:"products" example:"42"`
	Categories int64 `json:"categories" example:"7"`
	Media      int64 `json:"media" example:"80"`
}

type cacheFigures struct {
	Enabled bool  `json:"enabled" example:"true"`
	Hits    int64 `json:"hits" example:"310" doc:"Of the answering process, since it started"`
	Misses  int64 `json:"misses" example:"12"`
	Errors  int64 `json:"errors" example:"0"`
}

type catalogTimings struct {
	ProductsLast   float64 `json:"productsLastMs" example:"3.2"`
	CategoriesLast float64 `json:"categoriesLastMs" example:"1.1"`
	ProductsAvg    float64 `json:"productsAvgMs" example:"4.5"`
	CategoriesAvg  float64 `json:"categoriesAvgMs" example:"1.4"`
	Samples        int     `json:"samples" example:"120"`
}

// catalogHealth tells how the catalogue is.
func (s *Server) catalogHealth(c *fiber.Ctx, _ *healthIn) (*catalogHealthOut, error) {
	h, err := s.Shop.Health(c.UserContext())
	if err != nil {
		return nil, err
	}
	out := &catalogHealthOut{}
	out.Body.OK, out.Body.LastSyncAt = true, h.LastSyncAt
	out.Body.Counts = catalogCounts{h.Products, h.Categories, h.Media}
	out.Body.Cache = cacheFigures{h.Cache.Enabled, h.Cache.Hits, h.Cache.Misses, h.Cache.Errors}
	t := h.Timings
	out.Body.Catalog.Timings = catalogTimings{t.ProductsLast, t.CategoriesLast, t.ProductsAvg, t.CategoriesAvg, t.Samples}
	return out, nil
}

type syncIn struct {
	Key string `header:"X-Catalog-Sync-Key" maxLength:"500" doc:"CATALOG_SYNC_KEY"`
}

type syncOut struct {
	Body struct {
		OK        bool      `json:"ok" example:"true"`
		Scheduled bool      `json:"scheduled" example:"true"`
		RunID     models.ID `json:"runId" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c15" doc:"One that is under way is not begun again"`
	}
}

// syncCatalog lets the feed be read soon; the work is a job's.
func (s *Server) syncCatalog(c *fiber.Ctx, in *syncIn) (*syncOut, error) {
	if s.set.SyncKey == "" {
		return nil, fault.Unavailable("error.not_configured", nil)
	}
	if !sameSecretAsOne(in.Key, s.set.SyncKey) {
		return nil, fault.Unauthorized("shop.sync_key")
	}
	proved(c)
	run, err := s.Shop.BeginSync(c.UserContext())
	if err != nil {
		return nil, err
	}
	out := &syncOut{}
	out.Body.OK, out.Body.Scheduled, out.Body.RunID = true, true, run.ID
	return out, nil
}

// sameSecretAsOne compares with each of some secrets with a comma between them: while a key is rotated there
// are two. All are looked at, whichever fits.
func sameSecretAsOne(got, secrets string) bool {
	same := 0
	for _, secret := range strings.Split(secrets, ",") {
		if secret = strings.TrimSpace(secret); secret != "" {
			same |= subtle.ConstantTimeCompare([]byte(got), []byte(secret))
		}
	}
	return same == 1
}
