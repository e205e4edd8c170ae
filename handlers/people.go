package handlers

import (
	"context"
	"strings"

	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
)

// What a reader may know of a customer, by role: product rule 6 and the matrix of product.md.

// seesPhone tells whether the role needs customers' numbers to do its work.
func seesPhone(r models.Role) bool {
	switch r {
	case models.RoleAdmin, models.RoleMachine, models.RolePM, models.RoleOperator:
		return true
	default:
		return false
	}
}

// phoneFor is a customer's number as the role may see it: in full, or its last two digits.
func phoneFor(r models.Role, phone string) string {
	if phone == "" || seesPhone(r) {
		return phone
	}
	if len(phone) < 6 {
		return "••••"
	}
	return phone[:3] + " •••• ••" + phone[len(phone)-2:]
}

// personFor is who comes to a visit as the reader may see it: stylists read the first name of their
// clients and no more.
func personFor(v Visitor, customer models.Customer, forName string) string {
	name := customer.FullName()
	if forName != "" {
		name = forName
	}
	if v.Scope != staff.Own && v.Role != models.RoleStylist {
		return name
	}
	if first := strings.Fields(customer.Name); forName == "" && len(first) > 0 {
		return first[0]
	}
	if first := strings.Fields(name); len(first) > 0 {
		return first[0]
	}
	return name
}

// actors names who made the changes of a history. Staff are named once each.
func (s *Server) actors(ctx context.Context, events []models.AppointmentEvent) (func(actor string) string, error) {
	var ids []models.ID
	for _, e := range events {
		if id, is := strings.CutPrefix(e.Actor, "staff:"); is {
			var parsed models.ID
			if parsed.UnmarshalText([]byte(id)) == nil {
				ids = append(ids, parsed)
			}
		}
	}
	names, err := s.Staff.Names(ctx, ids)
	if err != nil {
		return nil, err
	}
	return func(actor string) string {
		id, is := strings.CutPrefix(actor, "staff:")
		if !is {
			return i18n.T(ctx, "console.actor."+actor)
		}
		var parsed models.ID
		if parsed.UnmarshalText([]byte(id)) == nil && names[parsed] != "" {
			return names[parsed]
		}
		return i18n.T(ctx, "console.actor.staff")
	}, nil
}
