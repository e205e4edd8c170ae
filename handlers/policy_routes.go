package handlers

import "frontdesk/internal/staff"

// policyRoutes are the salon's rules in figures.
func (s *Server) policyRoutes() []Route {
	read, act := can(staff.Policies, staff.ToRead), can(staff.Policies, staff.ToAct)
	return []Route{
		{get, "/console/policies", read, s.policies, "The salon's policies with their values"},
		{get, "/console/policies/groups/:group/change", act, s.changePolicies, "The form of a group of policies"},
		{post, "/console/policies/groups/:group/change", act, s.changePolicies, "Change several policies together or not at all"},
		{get, "/console/policies/:key", read, s.policy, "One policy: what it means, its limits, its history"},
		{get, "/console/policies/:key/change", act, s.changePolicy, "The form that changes a policy"},
		{post, "/console/policies/:key/change", act, s.changePolicy, "Change a policy"},
		{get, "/console/policies/:key/default", act, s.defaultPolicy, "What going back to the default would change"},
		{post, "/console/policies/:key/default", act, s.defaultPolicy, "Set a policy back to its default"},
		{get, "/console/policies/:key/restore/:change", act, s.restorePolicy, "What restoring an earlier value would change"},
		{post, "/console/policies/:key/restore/:change", act, s.restorePolicy, "Restore an earlier value, as a new change"},
	}
}
