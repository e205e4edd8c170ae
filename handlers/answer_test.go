package handlers

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// Whatever is begun for somebody who is erased in the same moment finds nobody; it is no failure of ours.
func TestWhoIsErasedMeanwhileIsNotFound(t *testing.T) {
	t.Parallel()
	f := asFault(fmt.Errorf("open cart: %w", &pgconn.PgError{Code: "23514", ConstraintName: "customers_known"}))
	if f.Status() != 404 || f.Key != "customers.no_customer" {
		t.Errorf("answered %d %s", f.Status(), f.Key)
	}
	if f := asFault(fmt.Errorf("open cart: %w", &pgconn.PgError{Code: "23514", ConstraintName: "carts_status_check"})); f.Status() != 500 {
		t.Errorf("another rule: %d %s", f.Status(), f.Key)
	}
}
