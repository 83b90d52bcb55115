SELECT TOP 200 [ContactID], [First Name], [Email], [E"mail'2], [Age], [Gone], [Seen], [CompanyID] 
FROM [Contacts]
GO

SELECT TOP 200 [Id], [Name] 
FROM sales.[Order Details]
GO
