/** SQL: what a role `h` of those joined by `heldRoles` grants: the name of a fixed role, or a permission. Null for an empty role. */
export const GRANTED = 'CASE WHEN h.fixed = 1 THEN h.name ELSE p.permission END';

/**
 * SQL that joins the roles which a row of user_org holds, a row for each grant: of its organization's roles the base role and the live
 * extra ones. One join takes a server half of what a subquery for each kind took. Its parameters: the person's id, and now.
 */
export const heldRoles = (member: string): string => `
  LEFT JOIN (roles h
    LEFT JOIN user_role x ON x.organization_id = h.organization_id AND x.user_id = ? AND x.role_id = h.id
      AND (x.expires_at IS NULL OR x.expires_at > ?)
    LEFT JOIN role_permissions p ON p.role_id = h.id AND h.fixed = 0)
  ON h.organization_id = ${member}.organization_id AND (h.id = ${member}.role_id OR x.id IS NOT NULL)`;
