using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace FleetDashboard.Identity;

/// <summary>The accounts, in a file without migrations. After a schema change, a developer deletes it.</summary>
internal sealed class IdentityAccountsDb(DbContextOptions<IdentityAccountsDb> options) : IdentityDbContext<IdentityUser>(options);
